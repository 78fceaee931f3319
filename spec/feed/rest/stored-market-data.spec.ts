import fc from 'fast-check';
import { NEVER, firstValueFrom, of, throwError } from 'rxjs';
import { expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import { gapBetween, type Gap } from '../../../src/core/gap.ts';
import { storedMarketData } from '../../../src/feed/rest/stored-market-data.ts';
import type { PageRequest } from '../../../src/ports/candle-store.ts';
import type { KlinesRequest, MarketData } from '../../../src/ports/market-data.ts';
import { MINUTE, START, minute, minutes } from '../../support/stored.ts';

type PagesFrom = 'oldest' | 'newest';

function pageOf(
  rows: readonly Candle[],
  { from = -Infinity, before = Infinity, limit }: KlinesRequest,
  newest: boolean,
) {
  const within = rows.filter(({ timestamp }) => timestamp >= from && timestamp < before);
  return newest ? within.slice(-limit) : within.slice(0, limit);
}

/** An exchange that has these rows, and remembers what it was asked. */
function exchangeOf(rows: readonly Candle[], pagesFrom: PagesFrom) {
  const asked: KlinesRequest[] = [];
  const rest: MarketData = {
    serverTime$: () => NEVER,
    symbols$: () => NEVER,
    klines$: (request) => {
      asked.push(request);
      const newest = request.from === undefined || pagesFrom === 'newest';
      return of({ value: pageOf(rows, request, newest), sentAt: 1, receivedAt: 2 });
    },
  };
  return { rest, asked };
}

/** A store of these rows. Gaps are what the exchange lacks between two that it has one after the other. */
function storeOf(rows: readonly Candle[], exchange: readonly Candle[]) {
  const grid = { interval: '1m', gridPoint: START } as const;
  const gaps = exchange.flatMap((row, index): Gap[] => {
    const next = exchange[index + 1];
    const isStored = next !== undefined && rows.includes(row) && rows.includes(next);
    return isStored ? [gapBetween(row.timestamp, next.timestamp, grid) ?? []].flat() : [];
  });
  return {
    page: async (_: unknown, request: PageRequest) =>
      pageOf(rows, { symbol: '', interval: '1m', ...request }, request.newest === true),
    gaps: async () => gaps,
  };
}

function marketOf(stored: readonly Candle[], exchange: readonly Candle[], pagesFrom: PagesFrom = 'oldest') {
  const { rest, asked } = exchangeOf(exchange, pagesFrom);
  const store = storeOf(stored, exchange);
  const market = storedMarketData({ rest, store, venue: 'binance-usdm', pagesFrom, now: () => 9 });
  const ask = async (request: Omit<KlinesRequest, 'symbol' | 'interval'>) =>
    firstValueFrom(market.klines$({ symbol: 'BTCUSDT', interval: '1m', ...request }));
  return { ask, asked };
}

const at = (number: number): number => START + number * MINUTE;

it('asks the exchange nothing about what is stored', async () => {
  const { ask, asked } = marketOf(minutes(10), minutes(10));
  expect((await ask({ from: at(2), before: at(5), limit: 100 })).value).toEqual(minutes(10).slice(2, 5));
  const reply = await ask({ before: at(10), limit: 4 });
  expect(reply.value).toEqual(minutes(10).slice(6));
  expect(reply.final).toEqual(new Set([at(6), at(7), at(8), at(9)]));
  expect(asked).toEqual([]);
});

it('asks it for the rest alone', async () => {
  const { ask, asked } = marketOf(minutes(10).slice(2, 8), minutes(10));
  expect((await ask({ from: at(3), before: at(10), limit: 100 })).value).toEqual(minutes(10).slice(3));
  expect((await ask({ before: at(10), limit: 9 })).value).toEqual(minutes(10).slice(1));
  expect(asked.map(({ from, before, limit }) => ({ from, before, limit }))).toEqual([
    { from: at(7) + 1, before: at(10), limit: 95 },
    { from: at(7) + 1, before: at(10), limit: 4 },
    { from: undefined, before: at(2), limit: 1 },
  ]);
});

it('knows the gaps that are stored, and no others', async () => {
  const exchange = [0, 1, 5, 6].map((number) => minute(number));
  const stored = marketOf(exchange, exchange);
  expect((await stored.ask({ from: at(0), before: at(7), limit: 100 })).value).toEqual(exchange);
  expect(stored.asked).toEqual([]);
  const whole = marketOf(exchange, minutes(7));
  expect((await whole.ask({ from: at(0), before: at(7), limit: 100 })).value).toEqual(minutes(7));
});

it('asks the exchange where the store fails', async () => {
  const { rest } = exchangeOf(minutes(3), 'oldest');
  const store = { page: () => Promise.reject(new Error('closed')), gaps: () => Promise.reject(new Error('closed')) };
  const market = storedMarketData({ rest, store, venue: 'binance-usdm', pagesFrom: 'oldest', now: () => 9 });
  const reply = await firstValueFrom(market.klines$({ symbol: 'BTCUSDT', interval: '1m', before: at(3), limit: 3 }));
  expect(reply.value).toEqual(minutes(3));
  const down = { ...rest, klines$: () => throwError(() => new Error('down')) };
  const both = storedMarketData({ rest: down, store, venue: 'binance-usdm', pagesFrom: 'oldest', now: () => 9 });
  await expect(firstValueFrom(both.klines$({ symbol: 'BTCUSDT', interval: '1m', limit: 3 }))).rejects.toThrow('down');
});

/** Minutes 0 to 39 of which an exchange has some, and a store some of those, in runs. */
const rowsAndRuns = fc.record({
  lacking: fc.uniqueArray(fc.nat(39), { maxLength: 8 }),
  runs: fc.array(fc.tuple(fc.nat(39), fc.nat(15)), { maxLength: 3 }),
});

it.each<PagesFrom>(['oldest', 'newest'])('answers as an exchange would that pages from the %s', async (pagesFrom) => {
  const request = fc.record({
    from: fc.option(fc.nat(39)),
    length: fc.integer({ min: 1, max: 40 }),
    room: fc.integer({ min: 1, max: 45 }),
  });
  await fc.assert(
    fc.asyncProperty(rowsAndRuns, request, async ({ lacking, runs }, { from, length, room }) => {
      const exchange = minutes(40).filter((_, number) => !lacking.includes(number));
      const isStored = ({ timestamp }: Candle) =>
        runs.some(([first, count]) => timestamp >= at(first) && timestamp < at(first + count));
      const { ask } = marketOf(exchange.filter(isStored), exchange, pagesFrom);
      // A market that answers the newest is asked for no more slots than it may answer rows.
      const limit = from !== null && pagesFrom === 'newest' ? Math.max(room, length) : room;
      const asked = { ...(from !== null && { from: at(from) }), before: at((from ?? 0) + length), limit };
      const truth = exchangeOf(exchange, pagesFrom);
      const plain = await firstValueFrom(truth.rest.klines$({ symbol: 'BTCUSDT', interval: '1m', ...asked }));
      expect((await ask(asked)).value).toEqual(plain.value);
    }),
    { numRuns: 300, seed: 1 },
  );
});
