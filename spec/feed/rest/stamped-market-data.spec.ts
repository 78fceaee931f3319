import { Subject, throwError, timer, map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { stamped } from '../../../src/feed/rest/stamped-market-data.ts';
import type { MarketData, Reply } from '../../../src/ports/market-data.ts';
import { failure, FakeMarket } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

function rig(changes: Partial<MarketData> = {}) {
  const clock = new VirtualClock();
  const market = new FakeMarket(clock);
  const bare: MarketData = {
    serverTime$: () => market.serverTime$(),
    klines$: (request) => market.klines$(request),
    symbols$: () => market.symbols$(),
    ...changes,
  };
  return { clock, market, ...stamped(bare, clock) };
}

describe('a reply', () => {
  it.each<[string, (data: MarketData) => Observable<Reply<unknown>>]>([
    ['with the time', (data) => data.serverTime$()],
    ['with klines', (data) => data.klines$({ symbol: 'BTCUSDT', interval: '1m', from: 0, limit: 5 })],
    ['with symbols', (data) => data.symbols$()],
  ])('%s knows when it was asked for and received, however long nobody asked', (_, ask) => {
    const { clock, marketData, stampOf } = rig();
    const reply$ = ask(marketData);
    clock.advance(5000);
    const stamps: unknown[] = [];
    reply$.subscribe((reply) => stamps.push(stampOf(reply)));
    clock.advance(5000);
    expect(stamps).toEqual([{ sentAt: 5000, receivedAt: 5020 }]);
  });

  it('has times of its own for each time it is asked for', () => {
    const { clock, marketData, stampOf } = rig();
    const stamps: unknown[] = [];
    const reply$ = marketData.serverTime$();
    reply$.subscribe((reply) => stamps.push(stampOf(reply)));
    clock.advance(7);
    reply$.subscribe((reply) => stamps.push(stampOf(reply)));
    clock.advance(100);
    expect(stamps).toEqual([{ sentAt: 0, receivedAt: 20 }, { sentAt: 7, receivedAt: 27 }]); // prettier-ignore
  });

  it('of somebody else has none', () => {
    expect(() => rig().stampOf({})).toThrow(TypeError);
  });
});

it('counts from the request, not from what had to be loaded before', async () => {
  const clock = new VirtualClock();
  let isLoaded = (): void => undefined;
  const loading = new Promise<void>((resolve) => (isLoaded = resolve));
  const answer = () => timer(20, clock).pipe(map(() => ({ value: 1, usedWeight: undefined })));
  const none = { klines$: () => new Subject<never>(), symbols$: () => new Subject<never>() };
  const { marketData, stampOf } = stamped({ ready: () => loading, serverTime$: answer, ...none }, clock);
  const stamps: unknown[] = [];
  marketData.serverTime$().subscribe((reply) => stamps.push(stampOf(reply)));
  clock.advance(3000);
  isLoaded();
  await loading;
  await Promise.resolve();
  clock.advance(100);
  expect(stamps).toEqual([{ sentAt: 3000, receivedAt: 3020 }]);
});

it('passes failures on, and gives up a request that nobody waits for', () => {
  const seen: unknown[] = [];
  const { marketData } = rig({ serverTime$: () => throwError(() => failure('banned')) });
  marketData.serverTime$().subscribe({ error: (error: unknown) => seen.push(error) });
  expect(seen).toEqual([failure('banned')]);
  const pending = new Subject<Reply<number>>();
  const other = rig({ serverTime$: () => pending });
  other.marketData.serverTime$().subscribe().unsubscribe();
  expect(pending.observed).toBe(false);
});
