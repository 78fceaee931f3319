import { firstValueFrom, map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ccxtMarketData, type Queued$ } from '../../../src/adapters/ccxt/market-data.ts';
import { NO_REQUESTS } from '../../../src/feed/rest/request-counter.ts';
import type { CcxtExchange, CcxtRow } from '../../../src/venues/ccxt/exchange.ts';

const MINUTE = 60_000;
const row = (minute: number): CcxtRow => [minute * MINUTE, 1, 2, 1, 2, 3];

/** An exchange that has rows of these minutes, and gives its newest `reach` of them alone. */
function rig(minutes: readonly number[], { reach = Infinity, date = 'Fri, 20 Nov 2026 12:00:07 GMT' } = {}) {
  const asked: (number | undefined)[] = [];
  const exchange = {
    has: {},
    markets: {},
    last_response_headers: { Date: date },
    fetch: () => Promise.resolve(undefined),
    loadMarkets: () => exchange.fetch(),
    fetchOHLCV: async (_symbol: string, _interval: string, since = 0, limit = 100) => {
      asked.push(since / MINUTE);
      await exchange.fetch();
      const newest = minutes.slice(-reach).filter((minute) => minute * MINUTE >= since);
      return (since === 0 ? newest.slice(-limit) : newest.slice(0, limit)).map(row);
    },
  };
  const queued$: Queued$ = (ask$) => ask$().pipe(map(({ value }) => ({ value, sentAt: 0, receivedAt: 0 })));
  const data = ccxtMarketData({
    exchange: exchange as unknown as CcxtExchange,
    venue: 'ccxt:kraken',
    scheduler: { now: () => 1000 },
    queued$,
    use: () => NO_REQUESTS,
  });
  const read = async (from: number, before: number, limit = 10) => {
    const request = { symbol: 'BTC/USD', interval: '1m', from: from * MINUTE, before: before * MINUTE, limit } as const;
    const { value, speaksFrom } = await firstValueFrom(data.klines$(request));
    return [
      value.map(({ timestamp }) => timestamp / MINUTE),
      speaksFrom === undefined ? undefined : speaksFrom / MINUTE,
    ];
  };
  return { data, read, asked };
}

describe('an answer', () => {
  it('that begins with a row before the span speaks of all of it', async () => {
    const { read, asked } = rig([99, 102, 103, 104]);
    expect(await read(100, 104)).toEqual([[102, 103], undefined]);
    expect(asked).toEqual([99]);
  });

  it('is about all of a span in which nothing traded for long, as the newest rows of all reach back over it', async () => {
    const { read } = rig([50, 102, 103, 104]);
    expect(await read(100, 104)).toEqual([[102, 103], undefined]);
  });

  it('of an exchange that gives its newest rows alone speaks from the first of them on', async () => {
    const { read } = rig([98, 99, 100, 101, 102, 103, 104], { reach: 3 });
    expect(await read(100, 104)).toEqual([[102, 103], 102]);
  });

  it('does not ask again at once how far back the newest rows reach', async () => {
    const { read, asked } = rig([98, 99, 100, 101, 102, 103, 104], { reach: 3 });
    await read(100, 104);
    expect(await read(90, 100)).toEqual([[], 102]);
    expect(asked).toEqual([99, 0, 89]);
  });

  it('without any row is about all of the span', async () => {
    expect(await rig([]).read(100, 104)).toEqual([[], undefined]);
  });

  it('has the newest rows of the span, where there is no room for all', async () => {
    expect(await rig([99, 100, 101, 102, 103]).read(100, 104, 2)).toEqual([[102, 103], undefined]);
  });
});

describe('the time of an exchange that has no request for it', () => {
  it('is the `Date` of an answer, to the second', async () => {
    const { data } = rig([1]);
    expect(await firstValueFrom(data.serverTime$())).toEqual({ value: Date.UTC(2026, 10, 20, 12, 0, 7), stepMs: 1000, sentAt: 1000, receivedAt: 1000 }); // prettier-ignore
  });

  it('is not known without one', async () => {
    const { data } = rig([1], { date: 'soon' });
    await expect(firstValueFrom(data.serverTime$())).rejects.toMatchObject({ failure: 'malformed' });
  });
});
