import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/program.ts';
import type { Candle } from '../../../src/index.ts';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { figuresOf } from '../../support/exposition.ts';
import { hasNatsServer, startNatsServer, type NatsServer } from '../../support/nats-server.ts';
import { fakeTerminal } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

const VENUE = 'binance-spot';
const SECOND = 1000;

describe.skipIf(!hasNatsServer)('rx-candles feed, and watch out of the log', () => {
  let exchange: FakeExchange;
  let server: NatsServer;
  beforeAll(async () => {
    [exchange, server] = await Promise.all([startFakeExchange(), startNatsServer()]);
  });
  afterAll(async () => {
    await Promise.all([exchange.close(), server[Symbol.asyncDispose]()]);
  });

  function start(args: readonly string[]) {
    const { stop$, terminal, ...fake } = fakeTerminal();
    const done = run(args, terminal);
    const stop = () => {
      stop$.next();
      return done;
    };
    return { ...fake, done, stop };
  }
  function feed(...args: readonly string[]) {
    const { stream, rest } = exchange.endpoints(VENUE);
    const hosts = ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--log-level', 'silent'];
    return start(['feed', ...hosts, '-i', '1s', '--nats', server.url, ...args]);
  }
  const watch = (...args: readonly string[]) =>
    start(['watch', '--venue', VENUE, '-i', '1s', '--nats', server.url, '--log-level', 'warn', ...args]);
  const candlesOf = (lines: readonly string[], symbol: string) =>
    lines.map((line) => JSON.parse(line) as Candle).filter((candle) => candle.symbol === symbol);

  /** What `--metrics-port` serves. */
  const page = ({ err }: { err: () => string }, path: string) =>
    fetch(`${/metrics on (\S+)\/metrics\n/.exec(err())?.[1] ?? ''}${path}`);
  const healthOf = async (one: { err: () => string }) => {
    const answer = await page(one, '/healthz');
    return [answer.status, await answer.json()];
  };
  const figuresIn = async (one: { err: () => string }) => figuresOf(await (await page(one, '/metrics')).text());

  it('puts each candle in once, from two feeders, and reads what the exchange has', async () => {
    const feeders = [feed('BTCUSDT', 'ETHUSDT', '--history', '5'), feed('btcusdt,ethusdt', '--history', '5')];
    await until(() => feeders.every(({ err }) => err().includes('the stream CANDLES on nats-server')));
    const reader = watch('btcusdt', 'ETHUSDT', '--history', '3', '--count', '12');
    expect(await reader.done).toBe(0);
    for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
      const candles = candlesOf(reader.lines(), symbol);
      const [first] = candles;
      expect(candles.map(({ timestamp }) => timestamp)).toEqual(
        candles.map((_, index) => (first?.timestamp ?? 0) + index * SECOND),
      );
      for (const { source: _, ...candle } of candles)
        expect(exchange.candleAt({ venue: VENUE, symbol, interval: '1s' }, candle.timestamp)).toMatchObject(candle);
    }
    expect(await Promise.all(feeders.map(({ stop }) => stop()))).toEqual([0, 0]);
    for (const { lines } of feeders)
      expect(lines().at(-1)).toMatch(/^[-\d]+T[:\d]+Z \d+ candles of 2 series in the log: .*stored by this feeder/);
  });

  it('goes on where the log ends, tells of a server that is away, and can be interrupted meanwhile', async () => {
    const feeder = feed('BTCUSDT', '--metrics-port', '0');
    const reader = watch('BTCUSDT', '--metrics-port', '0');
    await until(() => reader.lines().length >= 2);
    const well = { healthy: true, log: 'CANDLES', late: [] };
    expect(await healthOf(feeder)).toEqual([200, { ...well, venue: VENUE, series: 1 }]);
    expect(await healthOf(reader)).toEqual([200, well]);
    await server.kill();
    await until(() => feeder.err().includes('the log cannot be reached'));
    for (const [one, done] of [
      [feeder, 'appended_total{rx_candles_log="CANDLES",rx_candles_outcome="stored"}'],
      [reader, 'read_total{rx_candles_log="CANDLES",rx_candles_source="stream"}'],
    ] as const) {
      const figures = await figuresIn(one);
      expect(figures.get(`rx_candles_log_${done}`)).toBeGreaterThan(0);
      expect(figures.get('rx_candles_log_connection_count{rx_candles_log="CANDLES"}')).toBe(0);
    }
    const other = feed('BTCUSDT');
    await until(() => other.err().includes('the log cannot be reached'));
    expect(await other.stop()).toBe(0);
    const before = reader.lines().length;
    await server.start();
    await until(() => reader.lines().length >= before + 3);
    expect(await Promise.all([feeder.stop(), reader.stop()])).toEqual([0, 0]);
    const times = candlesOf(reader.lines(), 'BTCUSDT').map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.map((_, index) => (times[0] ?? 0) + index * SECOND));
  });

  it('tells of a symbol that is not listed, and goes on with the others', async () => {
    const feeder = feed('NOSUCH', 'BTCUSDT');
    await until(() => feeder.err().includes('does not list the symbol "NOSUCH"'));
    expect(await feeder.stop()).toBe(0);
    expect(feeder.lines().at(-1)).toContain('of 1 series in the log');
    expect(await feed('NOSUCH').done).toBe(1);
  });

  it('says that there is no such stream', async () => {
    const reader = watch('BTCUSDT', '--nats-stream', 'NOSUCH');
    expect(await reader.done).toBe(1);
    expect(reader.err()).toContain('NOSUCH');
  });
});

describe('the options of a log', () => {
  it.each([
    [['feed', 'BTCUSDT'], "required option '--nats <servers>' not specified"],
    [['feed', 'BTCUSDT', '--nats', 'http://x'], 'it must be like nats://host:4222'],
    [['watch', 'BTCUSDT', '--nats', 'x', '--testnet'], "cannot be used with option '--testnet'"],
    [['watch', 'BTCUSDT', '--nats-stream', 'x'], "option '--nats-stream <name>' needs '--nats <servers>'"],
  ])('%j is a usage error', async (args, said) => {
    const { terminal, err } = fakeTerminal();
    expect(await run(args, terminal)).toBe(2);
    expect(err()).toContain(said);
  });
});
