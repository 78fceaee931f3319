import {
  EMPTY,
  NEVER,
  Subject,
  concat,
  defer,
  firstValueFrom,
  from,
  lastValueFrom,
  throwError,
  toArray,
  type Observable,
} from 'rxjs';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigError, EventBus, UnknownSymbolError, type Candle, type ClosedCandlesOptions } from 'rx-candles';
import { openStore, record, type CandleSeries, type CandleStore, type RecordOptions } from 'rx-candles/store';
import { BTC, ETH, MINUTE, START, minute, minutes, storeFolder } from '../support/stored.ts';
import { until } from '../support/until.ts';

const folder = storeFolder();
let store: CandleStore;
let asked: [string, ClosedCandlesOptions | undefined][];

beforeEach(async () => {
  store = await openStore(folder.newFile());
  asked = [];
});
afterEach(() => store.close());
afterAll(() => {
  folder.remove();
});

/** A feed that delivers these candles and completes. */
const feedOf = (candles: Observable<Candle> | readonly Candle[]) => ({
  closedCandles$: (symbol: string, _: string, options?: ClosedCandlesOptions) => {
    asked.push([symbol, options]);
    return from(candles);
  },
});

const recorded = (...args: Parameters<typeof record>) => lastValueFrom(record(...args).pipe(toArray()));
const gap = (first: number, last: number) => ({ from: START + first * MINUTE, to: START + last * MINUTE });

it('stores what comes, and says what is durable', async () => {
  const [first, ...others] = await recorded(feedOf(minutes(3)), BTC, store, { history: 3 });
  expect(asked).toEqual([['BTCUSDT', { history: 3 }]]);
  expect(first).toMatchObject({ candles: minutes(3), gaps: [], revised: [] });
  expect(first?.lagMs).toBeGreaterThanOrEqual(0);
  expect(others).toEqual([]);
  expect((await store.info())[0]?.candles).toBe(3);
});

it.each([{ history: -1 }, { history: 1.5 }, { batchMs: -1 }, { batchMs: NaN }, { batchSize: 0 }, { batchsize: 5 }])(
  'refuses the options %j, whatever is stored',
  async (options) => {
    await store.append(minutes(2));
    await expect(recorded(feedOf([minute(2)]), BTC, store, options as RecordOptions)).rejects.toThrow(ConfigError);
    expect(asked).toEqual([]);
  },
);

it('refuses what names no series', async () => {
  const none = { venue: 'binance-spot' } as CandleSeries;
  await expect(recorded(feedOf([]), none, store)).rejects.toThrow('series: must be { venue, symbol, interval }');
});

it('goes on after the last candle stored, by any spelling of the symbol', async () => {
  await store.append(minutes(2));
  const again = await recorded(feedOf([minute(2)]), { ...BTC, symbol: 'btcusdt' }, store, { history: 100 });
  expect(asked).toEqual([['BTCUSDT', { since: START + MINUTE }]]);
  expect(again.map(({ candles }) => candles)).toEqual([[minute(2)]]);
});

it('stores what the exchange lacks, also across a restart', async () => {
  await store.append([minute(0)]);
  const [batch] = await recorded(feedOf([minute(3), minute(4), minute(7)]), BTC, store);
  expect(batch?.gaps).toEqual([gap(1, 2), gap(5, 6)].map((one) => ({ ...BTC, ...one })));
  expect(await store.gaps(BTC)).toEqual([gap(1, 2), gap(5, 6)]);
});

it('stores why candles are missing, as far as the feed says it', async () => {
  const bus = new EventBus();
  const said = (reason: 'no trades' | 'rejected', first: number, last: number, symbol = 'BTCUSDT') => {
    bus.publish({ type: 'CANDLE_MISSING', ...BTC, symbol, ...gap(first, last), reason });
  };
  const candles$ = defer(() => {
    said('no trades', 1, 2);
    said('rejected', 3, 3);
    said('rejected', 6, 7, 'ETHUSDT');
    return [minute(0), minute(4), minute(8)];
  });
  await recorded({ ...feedOf(candles$), bus }, BTC, store);
  const missing = [{ ...gap(1, 2), reason: 'no trades' }, { ...gap(3, 3), reason: 'rejected' }, gap(5, 7)];
  expect(await store.missing(BTC)).toEqual(missing);
  expect(await store.gaps(BTC)).toEqual([gap(1, 3), gap(5, 7)]);
  expect((await store.info())[0]?.gaps).toBe(2);
  await store.append([minute(2)]);
  expect((await store.missing(BTC))[0]).toEqual({ ...gap(1, 1), reason: 'no trades' });
});

it('writes what waits as soon as there is enough of it, or after a while', async () => {
  const batches = await recorded(feedOf(minutes(5)), BTC, store, { batchSize: 2 });
  expect(batches.map(({ candles }) => candles.length)).toEqual([2, 2, 1]);
  const live = feedOf(concat([minute(5)], NEVER));
  expect((await firstValueFrom(record(live, BTC, store, { batchMs: 10 }))).candles).toEqual([minute(5)]);
});

it('tells a candle that differs from the one stored, and keeps that', async () => {
  await store.append([minute(0)]);
  const other = minute(0, { volume: 11 });
  const [batch] = await recorded(feedOf([other]), BTC, store);
  expect(batch).toMatchObject({ candles: [], revised: [{ stored: minute(0), candle: other }] });
  expect(await recorded(feedOf([minute(0)]), BTC, store)).toEqual([]);
});

it('records many series, each once', async () => {
  const candles$ = new Subject<Candle>();
  const feed = { closedCandles$: (symbol: string) => (symbol === 'ETHUSDT' ? candles$ : from(minutes(1))) };
  const done = recorded(feed, [BTC, ETH, { ...BTC, symbol: 'btcusdt' }], store);
  await until(() => candles$.observed, 'the series to be subscribed');
  candles$.next(minute(0, { symbol: 'ETHUSDT' }));
  candles$.complete();
  expect((await done).flatMap(({ candles }) => candles)).toHaveLength(2);
  expect(await store.series()).toEqual([BTC, ETH]);
});

it('passes on an error once what came before it is durable', async () => {
  const error = new UnknownSymbolError('BTCUSDT', 'binance-usdm');
  const heard: number[] = [];
  const run = new Promise((resolve) => {
    record(
      feedOf(
        concat(
          minutes(2),
          throwError(() => error),
        ),
      ),
      BTC,
      store,
    ).subscribe({
      next: ({ candles }) => heard.push(candles.length),
      error: resolve,
    });
  });
  expect(await run).toBe(error);
  expect(heard).toEqual([2]);
  expect((await store.last(BTC))?.timestamp).toBe(START + MINUTE);
});

it('loses nothing that was durable when the disk is full', async () => {
  const small = await openStore(folder.newFile(), { maxBytes: 150_000 });
  const heard: Candle[] = [];
  const run = new Promise((resolve) => {
    record(feedOf(minutes(5000)), BTC, small, { batchSize: 50 }).subscribe({
      next: ({ candles }) => heard.push(...candles),
      error: resolve,
    });
  });
  expect(await run).toMatchObject({ code: 'FEED_STORE', reason: 'disk full' });
  expect(heard.length).toBeGreaterThan(50);
  expect(await small.last(BTC)).toEqual(heard.at(-1));
  expect((await small.info())[0]?.candles).toBe(heard.length);
  await small.close();
});

it('refuses series of another feed, and stores nothing of them', async () => {
  const spot = { ...BTC, venue: 'binance-spot' } as const;
  await expect(recorded(feedOf(minutes(1)), spot, store)).rejects.toThrow('BTCUSDT of binance-usdm in this feed');
  expect(await store.series()).toEqual([]);
  expect(await recorded(feedOf(EMPTY), BTC, store)).toEqual([]);
});
