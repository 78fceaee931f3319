import { describe, expect, it } from 'vitest';
import type { RunningCandle } from '../../src/core/candle.ts';
import type { ClosedCandlesOptions } from '../../src/core/closed-candles-options.ts';
import { DEFAULT_RECONNECT } from '../../src/core/defaults.ts';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { SimFeed } from '../support/sim-feed.ts';

const MINUTE = 60_000;
const VENUES = [binanceUsdm, binanceCoinm, binanceSpot].map((venue) => [venue.id, venue] as const);
const PATIENT = { reconnect: { ...DEFAULT_RECONNECT, maxRetries: Infinity } };

/** A chart as charting libraries are: a bar is drawn at the end or changes the last one; an older one is refused. */
class Chart {
  readonly bars: RunningCandle[] = [];
  readonly updates: RunningCandle[] = [];
  /** When each came, by the exchange's clock. */
  readonly times: number[] = [];
  refused = 0;

  draw(candle: RunningCandle, now: number): void {
    this.updates.push(candle);
    this.times.push(now);
    const last = this.bars.at(-1);
    if (last !== undefined && candle.timestamp < last.timestamp) this.refused += 1;
    else if (last?.timestamp === candle.timestamp) this.bars[this.bars.length - 1] = candle;
    else this.bars.push(candle);
  }

  /** Minutes from the start, `~` for one that is running still. */
  get shown(): readonly string[] {
    return this.bars.map(({ timestamp, closed }) => `${closed ? '' : '~'}${String((timestamp - SIM_START) / MINUTE)}`);
  }
}

function drawn(sim: SimFeed, options?: ClosedCandlesOptions): Chart {
  const chart = new Chart();
  sim.feed.candles$('BTCUSDT', '1m', options).subscribe((candle) => {
    chart.draw(candle, sim.now);
  });
  return chart;
}

/** Every bar but the last is closed and as the exchange has it, none is missing, and none was refused. */
function expectRight(chart: Chart, { exchange: { truth } }: SimFeed): void {
  const closed = chart.bars.slice(0, -1);
  const first = closed[0]?.timestamp ?? 0;
  const series = { symbol: 'BTCUSDT', interval: '1m' } as const;
  const times = truth.openTimes(series, first, chart.bars.at(-1)?.timestamp ?? 0);
  expect(chart.refused).toBe(0);
  expect(closed.length).toBeGreaterThan(0);
  expect(closed.map(({ source: _, ...rest }) => rest)).toEqual(
    times.map((time) => {
      const { source: _, ...rest } = truth.candle(series, time) ?? { source: '' };
      return { ...rest, closed: true };
    }),
  );
}

describe.each(VENUES)('a chart of %s', (_, venue) => {
  it('shows every bar right after two closes and then the connection were lost', () => {
    const sim = new SimFeed({ venue }, PATIENT);
    const lost = [1, 2].map((minute) => SIM_START + minute * MINUTE);
    sim.exchange.stream.swallow = (_series, openTime) => lost.includes(openTime);
    sim.exchange.rest.failWith = 'server';
    sim.advance(20_000);
    sim.exchange.rest.failWith = undefined;
    const chart = drawn(sim);
    sim.advance(60_000);
    sim.exchange.rest.failWith = 'server';
    sim.advance(2 * MINUTE);
    sim.exchange.stream.dropAll();
    sim.advance(30_000);
    expect(chart.bars.at(-1)?.timestamp).toBe(SIM_START + MINUTE);
    sim.exchange.rest.failWith = undefined;
    sim.advance(5 * MINUTE);
    expect(chart.shown).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '~8']);
    expectRight(chart, sim);
  });

  it('begins with the bars that were asked for, and moves from then on', () => {
    const sim = new SimFeed({ venue });
    sim.advance(20_000);
    const chart = drawn(sim, { history: 1200 });
    sim.advance(3 * MINUTE);
    expect(chart.bars).toHaveLength(1200 + 3 + 1);
    expect(chart.updates.slice(0, 1200).every(({ source, closed }) => source === 'history' && closed)).toBe(true);
    expect(chart.updates.filter(({ closed }) => !closed).length).toBeGreaterThan(100);
    expectRight(chart, sim);
  });

  it('goes on where it stopped, with what closed meanwhile', () => {
    const sim = new SimFeed({ venue });
    sim.advance(20_000);
    const chart = drawn(sim, { history: 3, since: SIM_START - 6 * MINUTE });
    sim.advance(MINUTE + 10_000);
    expect(chart.shown).toEqual(['-8', '-7', '-6', '-5', '-4', '-3', '-2', '-1', '0', '~1']);
    expectRight(chart, sim);
  });
});

describe('updates of the running candle', () => {
  it('stand still while the close before them is fetched, then the newest of them comes, and no more', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.stream.swallow = (_series, openTime) => openTime === SIM_START + MINUTE;
    sim.advance(20_000);
    const chart = drawn(sim);
    sim.advance(100_000 + 3000);
    const waiting = chart.updates.length;
    expect(chart.updates.at(-1)).toMatchObject({ timestamp: SIM_START + MINUTE, closed: false });
    sim.advance(1000);
    expect(chart.updates).toHaveLength(waiting);
    // Fetched at its close plus four seconds of grace, and confirmed by a second read.
    sim.advance(2500);
    expect(chart.updates.slice(waiting, waiting + 2)).toMatchObject([
      { timestamp: SIM_START + MINUTE, closed: true, source: 'backfill' },
      { timestamp: SIM_START + 2 * MINUTE, closed: false },
    ]);
    expect(chart.updates.length - waiting).toBeLessThan(5);
    expect(chart.times[waiting + 1]).toBe(chart.times[waiting]);
  });

  it('go on behind a candle that the exchange lacks', () => {
    const holes = [{ from: SIM_START + MINUTE, before: SIM_START + 2 * MINUTE }];
    const sim = new SimFeed({ venue: binanceUsdm, truth: { holes } });
    sim.advance(20_000);
    const chart = drawn(sim);
    sim.advance(4 * MINUTE);
    expect(chart.shown).toEqual(['0', '2', '3', '~4']);
    expect(sim.of('CANDLE_MISSING')).toHaveLength(1);
    expectRight(chart, sim);
  });

  it('wait while the past is read, and the newest of them comes after it', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.advance(10_000);
    drawn(sim);
    sim.advance(10_000);
    sim.exchange.rest.failWith = 'server';
    const chart = drawn(sim, { history: 5 });
    sim.advance(20_000);
    expect(chart.updates).toEqual([]);
    sim.exchange.rest.failWith = undefined;
    // To the moment at which the past has come.
    while (chart.updates.length < 6 && sim.now < SIM_START + 55_000) sim.advance(10);
    expect(chart.shown).toEqual(['-5', '-4', '-3', '-2', '-1', '~0']);
    expect(new Set(chart.times).size).toBe(1);
  });

  it('of one who comes in the middle of a backfill begin at once: nothing before them is owed to him', () => {
    const sim = new SimFeed({ venue: binanceUsdm }, PATIENT);
    sim.exchange.stream.swallow = (_series, openTime) => openTime === SIM_START;
    sim.advance(20_000);
    const first = drawn(sim);
    sim.advance(5000);
    sim.exchange.rest.failWith = 'server';
    sim.advance(MINUTE);
    const second = drawn(sim);
    sim.advance(3000);
    expect(first.shown).toEqual(['~0']);
    expect(second.shown).toEqual(['~1']);
    sim.exchange.rest.failWith = undefined;
    sim.advance(2 * MINUTE);
    expect(first.shown).toEqual(['0', '1', '2', '~3']);
    expect(second.shown).toEqual(['1', '2', '~3']);
  });

  it('of candles up to `since` do not come', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.advance(20_000);
    const chart = drawn(sim, { since: SIM_START });
    sim.advance(3 * MINUTE);
    expect(chart.shown).toEqual(['1', '2', '~3']);
    expect(chart.updates.every(({ timestamp }) => timestamp > SIM_START)).toBe(true);
  });

  it('say last whether the candle has closed, and cannot be changed', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.advance(20_000);
    const chart = drawn(sim, { history: 1 });
    sim.advance(2 * MINUTE);
    expect(new Set(chart.updates.map((update) => Object.keys(update).slice(-2).join(' ')))).toEqual(
      new Set(['source closed']),
    );
    expect(chart.updates.every((update) => Object.isFrozen(update))).toBe(true);
  });
});
