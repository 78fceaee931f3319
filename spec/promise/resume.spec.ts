import { describe, expect, it } from 'vitest';
import type { ClosedCandlesOptions } from '../../src/core/closed-candles-options.ts';
import { binanceCoinm } from '../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { SimFeed, type Subscriber } from '../support/sim-feed.ts';
import { complaintsAbout } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const RIGHT = { clockErrorMs: 300, tailMs: 15_000 };
const VENUES = [binanceUsdm, binanceCoinm, binanceSpot].map((venue) => [venue.id, venue] as const);
const at = (minute: number) => SIM_START + minute * MINUTE;

/** What came of each source, in minutes from the start, run by run: `history -3…-1`. */
function storyOf({ got }: Subscriber): readonly string[] {
  const runs: { source: string; first: number; last: number }[] = [];
  for (const { candle } of got) {
    const minute = (candle.timestamp - SIM_START) / MINUTE;
    const run = runs.at(-1);
    if (run?.source === candle.source && run.last === minute - 1) run.last = minute;
    else runs.push({ source: candle.source, first: minute, last: minute });
  }
  return runs.map(({ source, first, last }) => `${source} ${String(first)}…${String(last)}`);
}

function resumed(sim: SimFeed, options: ClosedCandlesOptions, runMs = 2 * MINUTE + 10_000): Subscriber {
  sim.advance(20_000);
  const subscriber = sim.subscribe('BTCUSDT', '1m', options);
  sim.advance(runMs);
  return subscriber;
}

describe.each(VENUES)('a program on %s that was away', (_, venue) => {
  it('is given the candles that warm it up, then what it missed, then live ones, and can tell them apart', () => {
    const sim = new SimFeed({ venue });
    const subscriber = resumed(sim, { history: 200, since: at(-31) });
    expect(storyOf(subscriber)).toEqual(['history -230…-31', 'backfill -30…-1', 'stream 0…1']);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('is given everything it missed as such, so that one who skips history skips none of it', () => {
    const sim = new SimFeed({ venue });
    const subscriber = resumed(sim, { since: at(-1300) });
    expect(storyOf(subscriber)).toEqual(['backfill -1299…-1', 'stream 0…1']);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('is warmed up with the candles that the exchange has, over a hole', () => {
    const holes = [{ from: at(-40), before: at(-35) }];
    const sim = new SimFeed({ venue, truth: { holes } });
    const subscriber = resumed(sim, { history: 10, since: at(-33) });
    expect(storyOf(subscriber)).toEqual(['history -47…-41', 'history -35…-33', 'backfill -32…-1', 'stream 0…1']);
    expect(sim.of('CANDLE_MISSING').map(({ from, to }) => [from, to])).toEqual([[at(-40), at(-36)]]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('is given fewer to warm up with only where the exchange has fewer', () => {
    const sim = new SimFeed({ venue, truth: { listedAt: at(-50) } });
    const subscriber = resumed(sim, { history: 100, since: at(-20) });
    expect(storyOf(subscriber)).toEqual(['history -50…-20', 'backfill -19…-1', 'stream 0…1']);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('is given the end of a symbol that stopped trading meanwhile, and completes', () => {
    const sim = new SimFeed({ venue, truth: { endsAt: at(-10) } });
    sim.exchange.rest.symbols = [{ symbol: 'BTCUSDT', status: 'CLOSE', phase: 'ended', deliveryTime: at(-10) }];
    const both = resumed(sim, { history: 3, since: at(-15) }, MINUTE);
    const all = resumed(sim, { history: 3, since: at(-5) }, MINUTE);
    expect(storyOf(both)).toEqual(['history -17…-15', 'backfill -14…-11']);
    expect(storyOf(all)).toEqual(['history -13…-11']);
    expect([both.completed, both.error, all.completed, all.error]).toEqual([true, undefined, true, undefined]);
  });
});

describe('a program that was away for a moment only', () => {
  it('is given what warms it up to the last candle, although that was the last to close', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    const subscriber = resumed(sim, { history: 5, since: at(-1) });
    expect(storyOf(subscriber)).toEqual(['history -5…-1', 'stream 0…1']);
  });

  it('is warmed up with the candle that it knows to have closed although by our clock it is running', () => {
    const sim = new SimFeed({ venue: binanceSpot, startsAt: at(1) - 20_000 - 15 });
    const subscriber = resumed(sim, { history: 5, since: at(0) });
    expect(storyOf(subscriber)).toEqual(['history -4…0', 'stream 1…2']);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('that names the candle which is running is warmed up with those that have closed, and begins after it', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    const subscriber = resumed(sim, { history: 5, since: at(0) });
    expect(storyOf(subscriber)).toEqual(['history -5…-1', 'stream 1…1']);
  });

  it('is given on the bus what closes from now on, not what closed while it was away', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    resumed(sim, { history: 5, since: at(-10) });
    expect(sim.of('CANDLE_CLOSED').map(({ candle }) => candle.timestamp)).toEqual([at(0), at(1)]);
  });

  it('learns the grid of a 3d series that stopped trading', () => {
    const listedAt = at(0) - 100 * DAY;
    const sim = new SimFeed({ venue: binanceSpot, truth: { listedAt, anchor: listedAt, endsAt: at(0) - 20 * DAY } });
    sim.exchange.rest.symbols = [{ symbol: 'BTCUSDT', status: 'CLOSE', phase: 'ended', deliveryTime: null }];
    const subscriber = sim.subscribe('BTCUSDT', '3d', { since: at(0) - 30 * DAY });
    sim.advance(MINUTE);
    expect(subscriber.got.map(({ candle }) => (candle.timestamp - listedAt) / DAY)).toEqual([72, 75, 78]);
    expect([subscriber.completed, subscriber.error]).toEqual([true, undefined]);
  });
});
