import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createFeed, type CandleClosed, type CandleMissing, type Interval, type RowRejected } from '../../src/index.ts';
import { startFakeExchange } from '../../src/testing/index.ts';
import { CHAOS } from './faults.ts';
import { complaintsAbout, isServed } from './judge.ts';
import { RequestWatch } from './requests.ts';
import { Truth } from './truth.ts';
import { Visits, type SeriesKey } from './visits.ts';

/** Minutes whose ends are seen; `CHAOS_MINUTES=5` for more. */
const MINUTES = Number(process.env['CHAOS_MINUTES'] ?? 2);
const VENUE = 'binance-usdm';
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** The last seconds of a month: everything from the minute to the month closes at once. */
const MIDNIGHT = Date.UTC(2026, 1, 1);
const LEAD_MS = 6000;
/** Candles come up to 2.4 s late, as they do on the real futures; then every fault is over, and what is owed must come. */
const CLOSE_DELAY_MS = { min: 1600, max: 2400 };
const AFTER_MS = 10_000;
const LONGEST_RECOVERY_MS = 45_000;

const INTERVALS: readonly Interval[] = ['1m', '3m', '5m', '15m', '30m', '1h', '4h', '12h', '1d', '1M'];
const SYMBOLS = Array.from({ length: 8 }, (_, index) => `${String.fromCharCode(65 + index)}AUSDT`);
const SERIES: readonly SeriesKey[] = [
  ...SYMBOLS.map((symbol) => ({ venue: VENUE, symbol, interval: '1m' }) as const),
  ...INTERVALS.slice(1).map((interval) => ({ venue: VENUE, symbol: 'AAUSDT', interval }) as const),
];

it(
  `gets every close of ${MINUTES} real minutes, late ones and those of the month too, through every fault`,
  { timeout: (MINUTES + 4) * MINUTE },
  async () => {
    await using exchange = await startFakeExchange({
      seed: 3,
      symbols: { [VENUE]: SYMBOLS },
      startAt: MIDNIGHT - LEAD_MS,
      closeDelayMs: CLOSE_DELAY_MS,
    });
    const endpoints = exchange.endpoints(VENUE);
    const requests = new RequestWatch(endpoints.rest);
    await using feed = createFeed({
      venue: VENUE,
      endpoints,
      reconnect: { initialDelayMs: 200, maxDelayMs: 2000, maxRetries: Infinity },
      silenceMs: 5000,
      restTimeoutMs: 2000,
      rotateAfterMs: 25_000,
      logLevel: 'silent',
    });
    const missing: CandleMissing[] = [];
    const closed: CandleClosed[] = [];
    feed.bus.on('CANDLE_MISSING').subscribe((event) => missing.push(event));
    const rejected: RowRejected[] = [];
    feed.bus.on('ROW_REJECTED').subscribe((event) => rejected.push(event));
    feed.bus.on('CANDLE_CLOSED').subscribe((event) => closed.push(event));
    const visits = new Visits(feed, exchange);
    exchange.faults.market.hole({ ...series(1), from: MIDNIGHT - MINUTE, before: MIDNIGHT });
    const spoiled = [{ ...series(4), openTime: MIDNIGHT - MINUTE }];
    const pauses = [{ ...series(5), from: MIDNIGHT - 150 * DAY, before: MIDNIGHT - 10 * MINUTE }];
    for (const row of spoiled) exchange.faults.market.oddCandle({ ...row, values: { volume: '-1' } });
    exchange.faults.market.oddCandle({ ...series(6), openTime: MIDNIGHT - MINUTE, closeTime: MIDNIGHT + 998 });
    for (const one of pauses) exchange.faults.market.pause(one);
    for (const one of SERIES) visits.come(one);
    visits.come(series(5), { history: 30 });
    visits.come(series(2), { history: 50 });
    await pause(2000);
    const faults = exchange.faults.random({ seed: 3, everyMs: 700, faults: CHAOS });
    await pause(LEAD_MS - 2000 + 10_000);
    visits.come(series(3), { since: MIDNIGHT - 30 * MINUTE });
    await pause((MINUTES - 1) * MINUTE - 10_000 + 3000);
    expect(faults.hits).toBeGreaterThan(MINUTES * 30);
    exchange.faults.clear();
    const owedBefore = MIDNIGHT + (MINUTES - 1) * MINUTE;
    await pause(AFTER_MS);
    const deadline = performance.now() + LONGEST_RECOVERY_MS;
    const isDue = ({ series: { interval } }: { series: SeriesKey }) => interval === '1m';
    while (performance.now() < deadline && !visits.all.filter(isDue).every((visit) => isServed(visit, owedBefore)))
      await pause(100);
    requests.stop();
    const trial = {
      truth: new Truth(exchange, { spoiled, pauses }),
      visits: visits.all,
      missing,
      rejected,
      closed,
      owedBefore,
      wokeAt: Infinity,
      clockErrorMs: 0,
    };
    expect(complaintsAbout(trial)).toEqual([]);
    const ofLive = missing.filter(({ symbol }) => symbol !== series(5).symbol);
    const slot = { from: MIDNIGHT - MINUTE, to: MIDNIGHT - MINUTE };
    expect(ofLive).toHaveLength(2);
    expect(ofLive).toContainEqual(expect.objectContaining({ ...slot, symbol: series(1).symbol, reason: 'absent' }));
    expect(ofLive).toContainEqual(expect.objectContaining({ ...slot, symbol: series(4).symbol, reason: 'rejected' }));
    expect(exchange.stats.limitBreaks).toEqual([]);
    expect(requests.impatient).toEqual([]);
    expect(requests.mostInFlight).toBeLessThanOrEqual(6);
  },
);

function series(index: number): SeriesKey {
  return SERIES[index] ?? { venue: VENUE, symbol: 'AAUSDT', interval: '1m' };
}
