import { writeFileSync } from 'node:fs';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from 'rx-candles';
import { closedCandlesOf$, natsLog, type LogSignal, type NatsLog } from 'rx-candles/nats';
import { rulesOf } from '../../../src/log/nats/stream-rules.ts';
import { hasOpenssl, makeCertificates } from '../../support/certificates.ts';
import { hasNatsServer, startNatsServer, type NatsServer } from '../../support/nats-server.ts';
import { BTC, MINUTE, START, minute, minutes } from '../../support/stored.ts';
import { until } from '../../support/until.ts';
import { appendAll, candleLogContract } from '../candle-log.contract.ts';

describe.runIf(hasNatsServer)('NATS JetStream', () => {
  candleLogContract(async () => {
    const server = await startNatsServer();
    const open = () => natsLog({ servers: server.url });
    await using log = open();
    await log.ensureStream();
    return { open, stop: async () => server[Symbol.asyncDispose]() };
  });
});

describe.runIf(hasNatsServer)('a log in NATS', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  let streams = 0;

  beforeAll(async () => {
    server = await startNatsServer();
    connection = await connect({ servers: server.url });
    manager = await jetstreamManager(connection);
  });
  afterAll(async () => {
    await connection.close();
    await server[Symbol.asyncDispose]();
  });

  const newStream = (): string => `S${(streams += 1)}`;
  const open = (stream: string): NatsLog => natsLog({ servers: server.url, stream });
  const logError = (reason: string, message: RegExp) => ({
    code: 'FEED_LOG',
    reason,
    message: expect.stringMatching(message) as string,
  });

  it('makes its stream once, and says what it is like', async () => {
    const stream = newStream();
    await using log = open(stream);
    const made = await log.ensureStream({ keep: 500 });
    expect(made).toMatchObject({ outcome: 'made', stream, keep: 500, replicas: 1, messages: 0 });
    expect(made.server).toMatch(/^\d+\.\d+/);
    await appendAll(log, minutes(2));
    expect(await log.ensureStream()).toMatchObject({ outcome: 'found', keep: 500, messages: 2 });
    expect((await manager.streams.info(stream)).config).toMatchObject({ ...rulesOf(stream, { keep: 500 }) });
  });

  it('refuses a stream that breaks the promise, wherever it is used', async () => {
    const stream = newStream();
    await manager.streams.add({ ...rulesOf(stream, {}), max_age: nanos(3_600_000), max_bytes: 1_000_000 });
    await using log = open(stream);
    const wrong = logError('wrong rules', /max_age.*max_bytes/);
    await expect(log.ensureStream()).rejects.toMatchObject(wrong);
    await expect(log.append(minute(0), undefined)).rejects.toMatchObject(wrong);
    await expect(lastValueFrom(log.read$(BTC, 'tail'))).rejects.toMatchObject(wrong);
  });

  it('refuses a stream that is not as it was asked for', async () => {
    const [stream, other] = [newStream(), newStream()];
    const { republish: _, ...without } = rulesOf(stream, {});
    await manager.streams.add(without);
    await using log = open(stream);
    await expect(log.ensureStream({ keep: 5 })).rejects.toMatchObject(
      logError('wrong rules', /republish.*keeps 100000/),
    );
    await manager.streams.add({ name: `${other}X`, subjects: [`${other.toLowerCase()}.>`] });
    await using beside = open(other);
    await expect(beside.ensureStream()).rejects.toMatchObject(logError('wrong rules', /another stream has subjects/));
  });

  it('asks for what this server cannot do, and is told so', async () => {
    await using log = open(newStream());
    const answer = log.ensureStream({ replicas: 3 });
    await expect(answer).rejects.toMatchObject({
      code: 'FEED_LOG',
      message: expect.stringMatching(/replicas/) as string,
    });
    await expect(log.ensureStream({ keep: 1, replicas: 9 })).rejects.toMatchObject({ code: 'FEED_CONFIG' });
  });

  it('says that the stream is not there, or no more', async () => {
    const stream = newStream();
    await using log = open(stream);
    const gone = logError('no stream', /ensureStream/);
    await expect(log.append(minute(0), undefined)).rejects.toMatchObject(gone);
    await expect(log.tail(BTC)).rejects.toMatchObject(gone);
    await expect(lastValueFrom(log.read$(BTC, 'tail'))).rejects.toMatchObject(gone);
    await log.ensureStream();
    await appendAll(log, minutes(2));
    await manager.streams.delete(stream);
    await expect(log.append(minute(2), START + MINUTE)).rejects.toMatchObject(gone);
  });

  it('says that a message is none of ours', async () => {
    const stream = newStream();
    await using log = open(stream);
    await log.ensureStream();
    connection.publish(`${stream.toLowerCase()}.binance-usdm.BTCUSDT.1m`, 'hello');
    await connection.flush();
    await expect(log.tail(BTC)).rejects.toMatchObject(logError('bad message', /message 1 is none of this log/));
    await expect(lastValueFrom(log.read$({}, { since: 0 }))).rejects.toMatchObject({ reason: 'bad message' });
  });

  it('stores nothing twice when an acknowledgement was lost, or another was faster', async () => {
    const stream = newStream();
    await using log = open(stream);
    await using other = open(stream);
    await log.ensureStream();
    await appendAll(log, minutes(2));
    await appendAll(other, minutes(3));
    expect(await log.append(minute(2), START + MINUTE)).toBe('already');
    expect((await manager.streams.info(stream)).state.messages).toBe(3);
  });

  it('reads without republishing too', async () => {
    const stream = newStream();
    const { republish: _, ...without } = rulesOf(stream, {});
    await manager.streams.add(without);
    await using log = open(stream);
    await appendAll(log, minutes(3));
    const signals: LogSignal[] = [];
    const reading = log.read$(BTC, 'tail').subscribe((signal) => signals.push(signal));
    await until(() => signals.includes('live'));
    await appendAll(log, [minute(3)], START + 2 * MINUTE);
    await until(() => signals.length === 3);
    expect(signals).toContainEqual({ candle: minute(2), previous: START + MINUTE });
    expect(signals.at(-1)).toEqual({ candle: minute(3), previous: START + 2 * MINUTE });
    reading.unsubscribe();
  });

  it('takes a candle in once for all readers of a connection, whoever of them leaves', async () => {
    await using log = open(newStream());
    await log.ensureStream();
    const read = () => {
      const signals: LogSignal[] = [];
      return { signals, reading: log.read$(BTC, 'tail').subscribe((signal) => signals.push(signal)) };
    };
    const [one, other] = [read(), read()];
    await until(() => [one, other].every(({ signals }) => signals.includes('live')));
    await appendAll(log, minutes(1));
    await until(() => [one, other].every(({ signals }) => signals.length === 2));
    expect(one.signals[1]).toBe(other.signals[1]);
    one.reading.unsubscribe();
    await appendAll(log, [minute(1)], START);
    await until(() => other.signals.length === 3);
    other.reading.unsubscribe();
    const later = read();
    await until(() => later.signals.includes('live'));
    await appendAll(log, [minute(2)], START + MINUTE);
    await until(() => later.signals.length === 3);
    expect([one, other].map(({ signals }) => signals.length)).toEqual([2, 3]);
    later.reading.unsubscribe();
  });

  it('leaves no consumer behind', async () => {
    const stream = newStream();
    await using log = open(stream);
    await log.ensureStream();
    await appendAll(log, minutes(3));
    const candles: Candle[] = [];
    const reading = closedCandlesOf$(log, 'BTCUSDT', '1m', { history: 2 }).subscribe((candle) => candles.push(candle));
    await until(() => candles.length === 2);
    const consumers = async () => (await manager.streams.info(stream)).state.consumer_count;
    for (let look = 0; look < 800 && (await consumers()) > 0; look++)
      await new Promise((resolve) => setTimeout(resolve, 25));
    expect(await consumers()).toBe(0);
    reading.unsubscribe();
  });

  it('goes on when the server was away, and says that it waits', async () => {
    await using own = await startNatsServer();
    await using log = natsLog({ servers: own.url });
    await log.ensureStream();
    const states: string[] = [];
    log.status$.subscribe(({ state }) => states.push(state));
    const candles: Candle[] = [];
    closedCandlesOf$(log, 'BTCUSDT', '1m').subscribe((candle) => candles.push(candle));
    await appendAll(log, minutes(2));
    await until(() => candles.length > 0);
    await own.kill();
    const appended = log.append(minute(2), START + MINUTE);
    await until(() => states.includes('waiting'));
    await own.start();
    expect(await appended).toBe('stored');
    await until(() => candles.at(-1)?.timestamp === START + 2 * MINUTE);
    await until(() => states.at(-1) === 'connected');
    expect(states).toEqual(expect.arrayContaining(['connected', 'waiting']));
  });

  it('refuses who may not, and a server without JetStream', async () => {
    await using own = await startNatsServer('authorization { user: me, password: right }');
    await using wrong = natsLog({ servers: own.url, credentials: { user: 'me', password: 'wrong' } });
    await expect(wrong.tail(BTC)).rejects.toMatchObject({ reason: 'refused' });
    await using right = natsLog({ servers: own.url, credentials: { user: 'me', password: 'right' } });
    expect((await right.ensureStream()).outcome).toBe('made');
    await using plain = await startNatsServer('', false);
    await using log = natsLog({ servers: plain.url });
    await expect(log.ensureStream()).rejects.toMatchObject({ reason: 'no JetStream' });
  });

  it.runIf(hasOpenssl)('trusts the authority that it is given', async () => {
    using certificates = makeCertificates('DNS:localhost');
    const [cert, key] = ['cert', 'key'].map((name) => certificates.caFile.replace('ca.pem', `${name}.pem`)) as [
      string,
      string,
    ];
    writeFileSync(cert, certificates.cert);
    writeFileSync(key, certificates.key);
    await using own = await startNatsServer(`tls { cert_file: "${cert}", key_file: "${key}" }`);
    await using log = natsLog({ servers: own.url.replace('127.0.0.1', 'localhost'), tls: { ca: certificates.ca } });
    expect((await log.ensureStream()).outcome).toBe('made');
    await using doubting = natsLog({ servers: own.url });
    const said: string[] = [];
    doubting.status$.subscribe((status) => said.push(status.state === 'waiting' ? status.reason : status.state));
    void doubting.tail(BTC).catch(() => undefined);
    await until(() => said.some((words) => /certificate/.test(words)));
  });
});
