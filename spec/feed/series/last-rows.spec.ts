import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import type { Reply } from '../../../src/ports/market-data.ts';
import { EVIDENCE } from '../../../src/core/missing-rules.ts';
import { GeoBlockedError } from '../../../src/core/errors.ts';
import { candleReader } from '../../../src/feed/rest/series-reader.ts';
import { TimerQueue } from '../../../src/feed/series/timer-queue.ts';
import { lastRows$, type LastRows } from '../../../src/feed/series/last-rows.ts';
import { Waits } from '../../../src/feed/waits.ts';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';
import { clockOf, failure, FakeMarket } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const MINUTE = 60_000;

type Rows = Reply<readonly Candle[]>;

/** No candle can be made of the rows of the first so many answers. */
function spoiledFirst(answers: number): (reply: Rows) => Rows {
  let left = answers;
  return (reply) => {
    left -= 1;
    if (left < 0) return reply;
    const rejected = reply.value.map(({ timestamp }) => ({ timestamp, row: [timestamp, null], reason: 'no open' }));
    return { ...reply, value: [], rejected };
  };
}

/** The newest candle of the first answer is in no later one. */
function withdrawnAfterFirst(): (reply: Rows) => Rows {
  let isFirst = true;
  return (reply) => {
    const value = isFirst ? reply.value : reply.value.slice(0, -1);
    isFirst = false;
    return { ...reply, value };
  };
}

/** The last rows of BTCUSDT 1m before minute 1000, as a fake market shows them at half of that minute. */
function rig(change: (market: FakeMarket) => void = () => undefined, spoil: (reply: Rows) => Rows = (reply) => reply) {
  const clock = new VirtualClock();
  const market = new FakeMarket(clock);
  const exchange = clockOf(market, clock);
  exchange.ask();
  clock.advance(100);
  change(market);
  const klines$: typeof market.klines$ = (request) => market.klines$(request).pipe(map((reply) => spoil(reply)));
  const limits = binanceUsdm.rest.paging;
  const reader = candleReader('BTCUSDT', '1m', { klines$, clock: exchange, limits, scheduler: clock });
  const timers = new TimerQueue(clock, () => exchange.now());
  const shared = { clock: exchange, timers, restUrl: 'https://example.test' };
  const told: string[] = [];
  const publish = (event: { type: string; what?: string }) => told.push(String(event.what));
  const waits = new Waits({ scheduler: clock, now: () => exchange.now(), publish });
  const geoBlocked = () => new GeoBlockedError('https://example.test');
  const rules = { interval: '1m', graceMs: 0, settleMs: 0, evidence: EVIDENCE, warmUp: true } as const;
  const options = {
    symbol: 'BTCUSDT',
    interval: '1m',
    rules,
    shared,
    reader,
    scheduler: clock,
    waits,
    geoBlocked,
  } as const;
  const find = (count: number, forMs: number, before = 1000) => {
    const end: { found?: LastRows; error?: unknown } = {};
    lastRows$(count, before * MINUTE, options).subscribe({
      next: (found) => (end.found = found),
      error: (error: unknown) => (end.error = error),
    });
    clock.advance(forMs);
    return end;
  };
  return { clock, market, told, find };
}

const minutes = ({ found }: { found?: LastRows }) => [Number(found?.start) / MINUTE, Number(found?.end) / MINUTE];

describe('the last rows', () => {
  it.each([
    [1, 1],
    [500, 1],
    [501, 2],
    [990, 2],
  ])('%d of them take %d requests', (count, requests) => {
    const { market, find } = rig();
    expect(minutes(find(count, 200))).toEqual([1000 - count, 1000]);
    expect(market.count('klines')).toBe(requests);
  });

  it('are pages, oldest first, each of which begins with the last row of the one before', () => {
    const { found } = rig().find(700, 200);
    const shown = found?.answers.map(({ rows }) =>
      [rows[0], rows.at(-1)].map((row) => Number(row?.timestamp) / MINUTE),
    );
    expect(shown).toEqual([
      [300, 500],
      [500, 999],
    ]);
  });

  it('begin where the exchange’s candles do, which three answers over a second show', () => {
    const { market, find } = rig((it) => (it.first = 990));
    expect(minutes(find(50, 2000))).toEqual([990, 1000]);
    expect(market.count('klines')).toBe(4);
  });

  it('end where a pause begins, which five answers over five seconds show', () => {
    const { market, find } = rig((it) => (it.end = 700));
    expect(find(50, 5000).found).toBeUndefined();
    expect(minutes(find(50, 6000))).toEqual([650, 700]);
    expect(market.count('klines')).toBe(10);
  });

  it('are those before the time asked for, though no candle can be made of what the first answers show', () => {
    const { market, find } = rig(undefined, spoiledFirst(2));
    expect(minutes(find(45, 5000))).toEqual([955, 1000]);
    expect(market.count('klines')).toBe(3);
  });

  it('end with a candle that one answer showed, though no later one does', () => {
    const { find } = rig((it) => (it.end = 700), withdrawnAfterFirst());
    expect(minutes(find(50, 60_000))).toEqual([650, 700]);
  });

  it('are waited for, and told of, while no answer shows a candle', () => {
    const { market, told, find, clock } = rig((it) => (it.first = 2000));
    const end = find(5, 30_000);
    expect(end.found).toBeUndefined();
    expect(new Set(told)).toEqual(new Set(['first candle']));
    market.first = 0;
    clock.advance(60_000);
    expect(minutes(end)).toEqual([995, 1000]);
  });

  it('are none where the series begins with the running candle, or had ended before it began', () => {
    expect(minutes(rig((it) => (it.first = 1000)).find(5, 3000))).toEqual([1000, 1000]);
    expect(minutes(rig().find(5, 0, 0))).toEqual([0, 0]);
  });

  it('are asked for until they come, or this place is not served', () => {
    const failing = rig((it) => (it.failing.klines = failure('server')));
    const end = failing.find(5, 25_000);
    expect(failing.told).toEqual(['page of the past', 'page of the past']);
    failing.market.failing = {};
    failing.clock.advance(30_000);
    expect(minutes(end)).toEqual([995, 1000]);
    expect(rig((it) => (it.failing.klines = failure('geo-blocked'))).find(5, 100).error).toBeInstanceOf(
      GeoBlockedError,
    );
  });
});
