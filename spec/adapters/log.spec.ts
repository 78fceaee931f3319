import { spawnSync } from 'node:child_process';
import loglevel from 'loglevel';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedEvent } from '../../src/core/events.ts';
import type { LogLevel } from '../../src/core/log-level.ts';
import { logEvents, type EventLog } from '../../src/adapters/log.ts';
import { EventBus } from '../../src/feed/event-bus.ts';
import { candle } from '../support/candle.ts';

const venue = 'binance-usdm';
const series = { venue, symbol: 'BTCUSDT', interval: '1m' } as const;
const closed = (minute: number): FeedEvent => ({ type: 'CANDLE_CLOSED', ...series, candle: candle(minute) });
const reconnecting: FeedEvent = {
  type: 'RECONNECTING', venue, url: 'wss://fstream.binance.com/market/stream', attempt: 3, delayMs: 3456.7, reason: 'refused',
  detail: 'getaddrinfo ENOTFOUND fstream.binance.com',
}; // prettier-ignore
const rejected = (excerpt: string): FeedEvent => ({ type: 'FRAME_REJECTED', venue, reason: 'not JSON', excerpt });

describe('logEvents', () => {
  let written = '';
  const logs: EventLog[] = [];

  beforeEach(() => {
    written = '';
    vi.spyOn(process.stdout, 'write').mockImplementation(() => expect.unreachable('a log on stdout'));
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => Boolean((written += String(chunk))));
  });
  afterEach(() => {
    for (const log of logs.splice(0)) log.close();
    vi.restoreAllMocks();
  });

  function listenAt(level: LogLevel) {
    const bus = new EventBus();
    const log = logEvents(bus, level);
    logs.push(log);
    return { bus, log };
  }
  const lines = () => written.split('\n').filter((line) => line !== '');
  /** Without the time in front. */
  const texts = () => lines().map((line) => line.slice(line.indexOf(' ') + 1));

  it('says when, how bad and who', () => {
    listenAt('info').bus.publish(closed(1));
    expect(lines()).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO rx-candles: closed BTCUSDT 1m 1970-01-01T00:01:00.000Z$/),
    ]);
  });

  it.each<[FeedEvent, string]>([
    [
      { type: 'CANDLE_MISSING', ...series, from: 0, to: 0, reason: 'absent' },
      'WARN rx-candles: the exchange has no candles of BTCUSDT 1m 1970-01-01T00:00:00.000Z',
    ],
    [
      { type: 'ROW_REJECTED', ...series, timestamp: 0, row: [0, '1', '-2'], reason: 'high is below low' },
      'WARN rx-candles: the row of BTCUSDT 1m 1970-01-01T00:00:00.000Z is not a valid candle: high is below low: [0,"1","-2"]',
    ],
    [
      { type: 'CONNECTED', venue, connection: 2, url: 'ws://127.0.0.1/stream' },
      'INFO rx-candles: connection 2 is open (ws://127.0.0.1/stream)',
    ],
    [
      { type: 'DISCONNECTED', venue, connection: 2, reason: 'no pong' },
      'INFO rx-candles: connection 2 is closed: no pong',
    ],
    [
      { type: 'DISCONNECTED', venue, connection: 2, reason: 'closed by peer', closeCode: 1008, detail: 'too many' },
      'INFO rx-candles: connection 2 is closed: closed by peer, 1008, too many',
    ],
    [
      reconnecting,
      'WARN rx-candles: reconnecting to fstream.binance.com, attempt 3 in 3457 ms: getaddrinfo ENOTFOUND fstream.binance.com',
    ],
    [
      { type: 'RECONNECTING', venue, url: 'ws://127.0.0.1:8/stream', attempt: 1, delayMs: 0, reason: 'silent' },
      'WARN rx-candles: reconnecting to 127.0.0.1:8, attempt 1 in 0 ms: the connection delivers no data',
    ],
    [
      { type: 'GAP_OPENED', ...series, from: 0, to: 60_000, reason: 'connection lost', waitedMs: 0 },
      'INFO rx-candles: waiting for BTCUSDT 1m 1970-01-01T00:00:00.000Z to 1970-01-01T00:01:00.000Z for 0 ms (connection lost)',
    ],
    [
      { type: 'GAP_FILLED', ...series, from: 0, to: 0, durationMs: 12.3 },
      'INFO rx-candles: filled BTCUSDT 1m 1970-01-01T00:00:00.000Z after 12 ms',
    ],
    [
      { type: 'CLOSE_RESCUED', ...series, timestamp: 0, lateMs: 4100 },
      'INFO rx-candles: fetched the close of BTCUSDT 1m 1970-01-01T00:00:00.000Z, 4100 ms late',
    ],
    [
      { type: 'SERIES_SILENT', ...series, since: 0 },
      'WARN rx-candles: no stream data for BTCUSDT 1m since 1970-01-01T00:00:00.000Z; using REST',
    ],
    [
      { type: 'WAITING', what: 'clock', reason: 'REST: network', since: 0, waitedMs: 10_002 },
      'WARN rx-candles: waiting for the clock for 10 s (REST: network)',
    ],
    [
      { type: 'WAITING', ...series, what: 'first candle', reason: 'REST: malformed', since: 0, waitedMs: 40_001 },
      'WARN rx-candles: waiting for the first candle of BTCUSDT 1m for 40 s (REST: malformed)',
    ],
    [rejected('{"a\n'), 'WARN rx-candles: could not decode a message: not JSON: "{\\"a\\n"'],
  ])('tells %j', (event, text) => {
    listenAt('info').bus.publish(event);
    expect(texts()).toEqual([text]);
  });

  it('takes a time that is none for no reason to fall', () => {
    listenAt('info').bus.publish({ type: 'SERIES_SILENT', ...series, since: Infinity });
    expect(texts()).toEqual(['WARN rx-candles: no stream data for BTCUSDT 1m since Infinity; using REST']);
  });

  it('warns of candles that have to be decoded in full, with the first of them', () => {
    listenAt('warn').log.warnOfDecoding('{"k":1}\n');
    listenAt('error').log.warnOfDecoding('');
    expect(texts()).toEqual([
      String.raw`WARN rx-candles: updates of running candles must be decoded in full; none is lost, but CPU use rises: "{\"k\":1}\n"`,
    ]);
    listenAt('warn').log.warnOfDecoding('x'.repeat(10_000));
    expect(lines()[1]?.length).toBeLessThan(700);
  });

  it('writes fewer and fewer lines of a wait that lasts', () => {
    const { bus } = listenAt('warn');
    for (let seconds = 10; seconds <= 310; seconds += 10) {
      const waitedMs = 1000 * seconds + seconds;
      bus.publish({ type: 'WAITING', venue, what: 'symbol list', reason: 'REST: server', since: 0, waitedMs });
    }
    expect(texts().map((text) => /for (\d+) s/.exec(text)?.[1])).toEqual(['10', '20', '40', '80', '160']);
  });

  it('gives all data of a candle at debug', () => {
    listenAt('debug').bus.publish(closed(1));
    expect(texts()).toEqual([
      'INFO rx-candles: closed BTCUSDT 1m 1970-01-01T00:01:00.000Z',
      `DEBUG rx-candles: candle ${JSON.stringify(candle(1))}`,
    ]);
  });

  it('sums up a minute of 2,000 series', () => {
    const { bus, log } = listenAt('info');
    for (let index = 0; index < 2000; index++) bus.publish(closed(719));
    log.close();
    expect(texts().slice(5)).toEqual([
      'INFO rx-candles: closed 1,995 more candles at 1970-01-01T12:00:00.000Z',
      'INFO rx-candles: feed closed',
    ]);
  });

  it('tells from when to when the candles summed up closed', () => {
    const { bus, log } = listenAt('info');
    for (let minute = 20; minute > 0; minute--) bus.publish(closed(minute));
    log.close();
    expect(texts()[5]).toContain('closed 15 more candles from 1970-01-01T00:02:00.000Z to 1970-01-01T00:16:00.000Z');
  });

  it('sums up a flood of every other kind too', () => {
    const { bus, log } = listenAt('info');
    const crowd: FeedEvent[] = [
      { type: 'CANDLE_MISSING', ...series, from: 0, to: 0, reason: 'absent' },
      { type: 'CONNECTED', venue, connection: 1, url: '' },
      { type: 'DISCONNECTED', venue, connection: 1, reason: 'refused' },
      reconnecting,
      { type: 'GAP_OPENED', ...series, from: 0, to: 0, reason: '', waitedMs: 0 },
      { type: 'GAP_FILLED', ...series, from: 0, to: 0, durationMs: 0 },
      { type: 'CLOSE_RESCUED', ...series, timestamp: 0, lateMs: 0 },
      { type: 'SERIES_SILENT', ...series, since: 0 },
      rejected('x'),
      { type: 'ROW_REJECTED', ...series, timestamp: 0, row: [], reason: '' },
      { type: 'WAITING', ...series, what: 'page of the past', reason: '', since: 0, waitedMs: 10_000 },
    ];
    for (let round = 0; round < 1005; round++) for (const event of crowd) bus.publish(event);
    log.close();
    const sums = texts().filter((text) => text.includes('1,000 more'));
    expect(sums).toHaveLength(crowd.length);
    expect(sums).toContain(
      'WARN rx-candles: 1,000 more attempts to reconnect, the last to fstream.binance.com: getaddrinfo ENOTFOUND fstream.binance.com',
    );
    expect(lines()).toHaveLength(crowd.length * 6 + 1);
  });

  it('cuts what a stranger may have sent', () => {
    listenAt('warn').bus.publish(rejected('x'.repeat(10_000)));
    expect(written.length).toBeLessThan(300);
  });

  it.each<[LogLevel, number, boolean]>([
    ['trace', 4, true],
    ['debug', 4, true],
    ['info', 3, true],
    ['warn', 1, false],
    ['error', 0, false],
    ['silent', 0, false],
  ])('at %s writes %d lines, and hears of candles: %s', (level, count, hearsCandles) => {
    const { bus, log } = listenAt(level);
    const heard: string[] = [];
    const proxy = { on: ((type) => (heard.push(type), bus.on(type))) as EventBus['on'] };
    logEvents(proxy, level).close();
    written = '';
    bus.publish(closed(1));
    bus.publish(reconnecting);
    log.close();
    expect(lines()).toHaveLength(count);
    expect(heard.includes('CANDLE_CLOSED')).toBe(hearsCandles);
  });

  it('says goodbye once', () => {
    const { bus, log } = listenAt('info');
    log.close();
    log.close();
    bus.publish(closed(1));
    expect(texts()).toEqual(['INFO rx-candles: feed closed']);
  });

  it('keeps feeds with different levels apart, and leaves the root logger alone', () => {
    const before = loglevel.getLevel();
    const loud = listenAt('info');
    const quiet = listenAt('silent');
    quiet.bus.publish(closed(1));
    loud.bus.publish(closed(2));
    expect(texts()).toEqual(['INFO rx-candles: closed BTCUSDT 1m 1970-01-01T00:02:00.000Z']);
    expect(loglevel.getLevel()).toBe(before);
  });

  it('leaves nothing behind that keeps a process alive, and writes to stderr alone', () => {
    const program = `
      import { logEvents } from './src/adapters/log.ts';
      import { EventBus } from './src/feed/event-bus.ts';
      const bus = new EventBus();
      logEvents(bus, 'info');
      for (let i = 0; i < 9; i++) bus.publish({ type: 'CONNECTED', venue: 'binance-usdm', connection: i, url: '' });
    `;
    const options = {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      timeout: 120_000,
      encoding: 'utf8',
    } as const;
    const hooks = ['--import', './spec/support/ts-hooks.mjs', '--input-type=module', '-e', program];
    vi.restoreAllMocks();
    const { status, stdout, stderr } = spawnSync(process.execPath, hooks, options);
    expect([status, stdout]).toEqual([0, '']);
    // Waiting for the sum of the other four would have kept the process alive.
    expect(stderr.trim().split('\n')).toHaveLength(5);
  });
});
