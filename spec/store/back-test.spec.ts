import { lastValueFrom, take, tap, toArray } from 'rxjs';
import { afterAll, expect, it } from 'vitest';
import { createFeed } from 'rx-candles';
import { openStore, record, replay$ } from 'rx-candles/store';
import { startFakeExchange } from 'rx-candles/testing';
import { trades$ } from '../../docs/examples/strategy.ts';
import { storeFolder } from '../support/stored.ts';

const folder = storeFolder();
afterAll(() => {
  folder.remove();
});

it('a strategy trades the same on what it sees live, on what was recorded meanwhile, and on the exchange’s past', async () => {
  const COUNT = 602;
  await using exchange = await startFakeExchange({ seed: 11, startAt: Date.UTC(2026, 0, 1, 12, 4, 57) });
  await using feed = createFeed({
    venue: 'binance-spot',
    endpoints: exchange.endpoints('binance-spot'),
    graceMs: 300,
    logLevel: 'silent',
  });
  await using store = await openStore(folder.newFile());
  const series = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1m' } as const;
  const recording = record(feed, series, store, { history: COUNT, batchMs: 20 }).subscribe();
  let [first, last] = [Infinity, 0];
  const live$ = feed.closedCandles$('BTCUSDT', '1m', { history: COUNT - 1 }).pipe(
    take(COUNT),
    tap(({ timestamp }) => ([first, last] = [Math.min(first, timestamp), timestamp])),
  );
  const live = await lastValueFrom(trades$(live$).pipe(toArray()));
  while (((await store.last(series))?.timestamp ?? 0) < last) await new Promise((resolve) => setTimeout(resolve, 20));
  recording.unsubscribe();
  const span = { from: first, to: last + 1 };
  const replayed = await lastValueFrom(trades$(replay$(store, series, span)).pipe(toArray()));
  const past = await lastValueFrom(trades$(feed.history$('BTCUSDT', '1m', span)).pipe(toArray()));
  expect(live.length).toBeGreaterThan(20);
  expect(replayed).toEqual(live);
  expect(past).toEqual(live);
});
