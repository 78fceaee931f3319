import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/core/candle.ts';
import {
  ConfigError,
  FeedClosedError,
  GeoBlockedError,
  UnknownSymbolError,
  UnsupportedIntervalError,
} from '../../src/core/errors.ts';
import type { HistorySpan } from '../../src/core/history-span.ts';
import type { Interval } from '../../src/core/interval.ts';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { SimFeed } from '../support/sim-feed.ts';
import { leftovers } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const VENUES = [binanceUsdm, binanceCoinm, binanceSpot].map((venue) => [venue.id, venue] as const);
const at = (minute: number) => SIM_START + minute * MINUTE;

function read(
  sim: SimFeed,
  span: HistorySpan,
  { symbol = 'BTCUSDT', interval = '1m' }: { symbol?: string; interval?: Interval } = {},
) {
  const got: Candle[] = [];
  const end: { error?: unknown; completedAt?: number } = {};
  const subscription = sim.feed.history$(symbol, interval, span).subscribe({
    next: (candle) => got.push(candle),
    error: (error: unknown) => (end.error = error),
    complete: () => (end.completedAt = sim.now),
  });
  return { got, end, subscription, minutes: () => got.map(({ timestamp }) => (timestamp - SIM_START) / MINUTE) };
}

const range = (from: number, before: number) => Array.from({ length: before - from }, (_, index) => from + index);

describe.each(VENUES)('the past of %s', (_, venue) => {
  it('comes whole, in order, with final values, and completes, without a connection or an event of a close', () => {
    const sim = new SimFeed({ venue, truth: { absentShare: 0.001 } });
    const { got, end } = read(sim, { from: at(-2750), to: at(-20) });
    sim.advance(30_000);
    const series = { symbol: 'BTCUSDT', interval: '1m' } as const;
    const right = sim.exchange.truth.openTimes(series, at(-2750), at(-20));
    expect(got).toEqual(right.map((time) => sim.exchange.truth.candle(series, time, 'history')));
    expect(end.completedAt).toBeLessThan(SIM_START + 30_000);
    expect(sim.exchange.stream.sessions).toEqual([]);
    expect(sim.of('CANDLE_CLOSED')).toEqual([]);
    expect(leftovers(sim)).toEqual([]);
  });

  it('begins with the listing where more is asked for, and nothing before that is missing', () => {
    const sim = new SimFeed({ venue, truth: { listedAt: at(-700) } });
    const { minutes, end } = read(sim, { from: 0, to: at(-600) });
    sim.advance(MINUTE);
    expect(minutes()).toEqual(range(-700, -600));
    expect(end.completedAt).toBeDefined();
    expect(sim.of('CANDLE_MISSING')).toEqual([]);
  });

  it('ends with the last candle that has closed by the exchange’s clock, where the span reaches further', () => {
    const sim = new SimFeed({ venue }, { wallClockNow: () => 0 });
    sim.advance(20_000);
    const { minutes, end } = read(sim, { from: at(-3), to: at(5000) });
    sim.advance(20_000);
    expect(minutes()).toEqual([-3, -2, -1]);
    expect(end.completedAt).toBeLessThan(at(0) + 40_000);
  });

  it('is told with its holes', () => {
    const sim = new SimFeed({ venue, truth: { holes: [{ from: at(-40), before: at(-35) }] } });
    const { minutes, end } = read(sim, { from: at(-42), to: at(-30) });
    sim.advance(20_000);
    expect(minutes()).toEqual([...range(-42, -40), ...range(-35, -30)]);
    expect(end.completedAt).toBeDefined();
    expect(sim.of('CANDLE_MISSING').map(({ from, to }) => [from, to])).toEqual([[at(-40), at(-36)]]);
  });

  it('of a symbol that stopped trading ends with its last candle', () => {
    const sim = new SimFeed({ venue, truth: { endsAt: at(-100) } });
    sim.exchange.rest.symbols = [{ symbol: 'BTCUSDT', status: 'CLOSE', phase: 'ended', deliveryTime: null }];
    const { minutes, end } = read(sim, { from: at(-105), to: at(0) });
    sim.advance(MINUTE);
    expect(minutes()).toEqual(range(-105, -100));
    expect(end).toMatchObject({ completedAt: expect.any(Number) as number });
    expect(leftovers(sim)).toEqual([]);
  });

  it.each<[string, HistorySpan]>([
    ['lies before the listing', { from: at(-900), to: at(-800) }],
    ['lies in the future', { from: at(10), to: at(20) }],
    ['is empty', { from: at(-10), to: at(-10) }],
    ['is the running candle’s', { from: at(0), to: at(1) }],
  ])('of a span that %s is nothing, and completes', (_name, span) => {
    const sim = new SimFeed({ venue, truth: { listedAt: at(-700) } });
    sim.advance(10_000);
    const { got, end } = read(sim, span);
    sim.advance(20_000);
    expect(got).toEqual([]);
    expect(end.completedAt).toBeDefined();
    expect(sim.of('CANDLE_MISSING')).toEqual([]);
  });
});

describe('a span of the past', () => {
  it('goes by open times, inclusive at its beginning and exclusive at its end, on the grid or off it', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.advance(10_000);
    const [on, off, dates] = [
      read(sim, { from: at(-5), to: at(-2) }),
      read(sim, { from: at(-5) + 1, to: at(-2) + 1 }),
      read(sim, { from: new Date(at(-5) - 1), to: new Date(at(-2) - 1) }),
    ];
    sim.advance(10_000);
    expect([on, off, dates].map(({ minutes }) => minutes())).toEqual([
      [-5, -4, -3],
      [-4, -3, -2],
      [-5, -4, -3],
    ]);
  });

  it.each<Interval>(['3d', '1w', '1M'])('keeps the grid of %s', (interval) => {
    const anchor = SIM_START - 1000 * DAY - (SIM_START % DAY);
    const sim = new SimFeed({ venue: binanceSpot, truth: { listedAt: anchor, anchor } });
    const { got, end } = read(sim, { from: at(0) - 200 * DAY, to: at(0) - 20 * DAY }, { interval });
    sim.advance(20_000);
    const series = { symbol: 'BTCUSDT', interval };
    expect(got.map(({ timestamp }) => timestamp)).toEqual(
      sim.exchange.truth.openTimes(series, at(0) - 200 * DAY, at(0) - 20 * DAY),
    );
    expect(end.completedAt).toBeDefined();
  });

  it('is read although REST and its list fail for a while', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.rest.failWith = 'server';
    const { minutes, end } = read(sim, { from: at(-700), to: at(-5) });
    sim.advance(2 * MINUTE);
    expect(minutes()).toEqual([]);
    sim.exchange.rest.failWith = undefined;
    sim.advance(2 * MINUTE);
    expect(minutes()).toEqual(range(-700, -5));
    expect(end.completedAt).toBeDefined();
  });

  it('is the same beside live candles of the series, which it does not disturb', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.advance(20_000);
    const live = sim.subscribe('BTCUSDT', '1m');
    sim.advance(MINUTE);
    const { minutes, subscription } = read(sim, { from: at(-10), to: at(1) });
    sim.advance(MINUTE);
    subscription.unsubscribe();
    sim.advance(MINUTE);
    expect(minutes()).toEqual(range(-10, 1));
    expect(live.got.map(({ candle }) => candle.timestamp)).toEqual([0, 1, 2].map(at));
    expect(sim.of('CANDLE_CLOSED')).toHaveLength(3);
  });

  it('is let go of at once when nobody wants it any more', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    const { subscription } = read(sim, { from: at(-3000), to: at(0) });
    sim.advance(150);
    subscription.unsubscribe();
    sim.advance(2000);
    expect(leftovers(sim)).toEqual([]);
  });

  it.each<[string, { symbol?: string; interval?: Interval; span?: unknown }, new (...args: never[]) => Error]>([
    ['an interval that the market lacks', { interval: '1s' }, UnsupportedIntervalError],
    ['a symbol that it does not list', { symbol: 'NOPEUSDT' }, UnknownSymbolError],
    ['a symbol that nobody could have', { symbol: '' }, UnknownSymbolError],
    ['an end before its beginning', { span: { from: at(-1), to: at(-2) } }, ConfigError],
    ['seconds for ms', { span: { from: at(-1) / 1000, to: at(0) } }, ConfigError],
    ['no span', { span: undefined }, ConfigError],
  ])('with %s is an error in its own channel', (_name, { span, ...series }, kind) => {
    const sim = new SimFeed({ venue: binanceUsdm });
    const asked = (span ?? (kind === ConfigError ? undefined : { from: at(-3), to: at(0) })) as HistorySpan;
    const { end } = read(sim, asked, series);
    sim.advance(5000);
    expect(end.error).toBeInstanceOf(kind);
    sim.advance(2000);
    expect(leftovers(sim)).toEqual([]);
  });

  it('ends where the exchange does not serve this place, with the last candle that came', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.advance(10_000);
    const { got, end } = read(sim, { from: at(-3000), to: at(0) });
    while (got.length === 0) sim.advance(10);
    sim.exchange.rest.failWith = 'geo-blocked';
    sim.advance(10_000);
    expect(end.error).toBeInstanceOf(GeoBlockedError);
    expect(end.error).toMatchObject({ lastTimestamp: got.at(-1)?.timestamp });
  });

  it('completes when the feed is closed, and cannot be asked for afterwards', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    const { end } = read(sim, { from: at(-3000), to: at(0) });
    sim.advance(200);
    sim.feed.close();
    expect(end.completedAt).toBeDefined();
    expect(read(sim, { from: at(-3), to: at(0) }).end.error).toBeInstanceOf(FeedClosedError);
    expect(leftovers(sim)).toEqual([]);
  });
});
