import { config } from 'rxjs';
import { expect, it } from 'vitest';
import { natsLog, type LogStatus, type NatsLogOptions } from 'rx-candles/nats';
import { natsSettings } from '../../../src/log/nats/options.ts';
import { loadNats } from '../../../src/log/nats/load.ts';
import { BTC } from '../../support/stored.ts';
import { until } from '../../support/until.ts';
import { failureOf } from '../../../src/log/nats/failure.ts';

it('has defaults', () => {
  expect(natsSettings({})).toMatchObject({ servers: ['nats://127.0.0.1:4222'], stream: 'CANDLES' });
  expect(natsSettings({ servers: 'a:1' }).servers).toEqual(['a:1']);
});

it('tells all that is wrong at once, and no secret', () => {
  const bad = {
    servers: ['nats://me:hidden@host:4222'],
    stream: 'a.b',
    credentials: { user: 'me', token: 'hidden' },
    tls: { ca: 'hidden' },
    server: 'x',
  } as unknown as NatsLogOptions;
  expect(() => natsLog(bad)).toThrow(/servers: .*stream: .*tls.ca: .*did you mean servers.*credentials: /);
  expect(() => natsLog(bad)).not.toThrow(/hidden/);
});

it('names the packages that it needs and does not find', async () => {
  await expect(loadNats('CANDLES', ['@nats-io/transport-node', 'no-such-package'])).rejects.toMatchObject({
    code: 'FEED_LOG',
    reason: 'not installed',
    message: expect.stringContaining('npm install @nats-io/transport-node no-such-package') as string,
  });
});

it('tells at once, and once, that the first attempt to connect has failed, where and why', async () => {
  const told: string[] = [];
  await using log = natsLog({ servers: ['nats://127.0.0.1:1', 'nosuch.invalid'], warn: (line) => told.push(line) });
  const reasons: string[] = [];
  log.status$.subscribe((status) => {
    if (status.state === 'waiting') reasons.push(status.reason);
  });
  const waiting = log.tail(BTC);
  await until(() => reasons.length >= 2);
  expect(reasons[0]).toMatch(
    /^nats:\/\/127\.0\.0\.1:1, nosuch\.invalid: (connection refused|getaddrinfo \w+ nosuch\.invalid)$/,
  );
  expect(told).toEqual([`the log cannot be reached (${reasons[0] ?? ''}); trying again for as long as somebody waits`]);
  await log.close();
  await expect(waiting).rejects.toMatchObject({ reason: 'closed' });
});

it('goes on trying when the one who is told throws', async () => {
  const reported: unknown[] = [];
  config.onUnhandledError = (error) => reported.push(error);
  const mine = new Error('mine');
  await using log = natsLog({
    servers: 'nats://127.0.0.1:1',
    warn: () => {
      throw mine;
    },
  });
  const told: LogStatus[] = [];
  log.status$.subscribe((status) => told.push(status));
  const waiting = log.tail(BTC);
  await until(() => told.length >= 4);
  config.onUnhandledError = null;
  expect(reported).toEqual([mine]);
  const reason = 'nats://127.0.0.1:1: connection refused';
  expect(told.slice(2)).toMatchObject([1, 2].map((attempt) => ({ state: 'waiting', reason, attempt })));
  await log.close();
  await expect(waiting).rejects.toMatchObject({ reason: 'closed' });
});

it('warns as Node does where nobody asked to be told', () => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on('warning', listen);
  natsSettings({}).warn('the log is away');
  return new Promise((resolve) => setImmediate(resolve)).then(() => {
    process.off('warning', listen);
    expect(warnings.map(({ message }) => message)).toEqual(['rx-candles: the log is away']);
  });
});

it('knows what waiting does not mend', () => {
  const named = (name: string, code?: number) => Object.assign(new Error('said'), { name, code });
  expect(failureOf(named('AuthorizationError'), 'S')).toMatchObject({ reason: 'refused' });
  expect(failureOf(named('StreamNotFoundError', 10059), 'S')).toMatchObject({ reason: 'no stream', log: 'S' });
  expect(failureOf(named('JetStreamApiError', 10076), 'S')).toMatchObject({ reason: 'no JetStream' });
  expect(failureOf(named('TimeoutError'), 'S')).toMatchObject({ name: 'LogInterrupted', message: 'said' });
  expect(failureOf(named('ConnectionError'), 'S').name).toBe('LogInterrupted');
});
