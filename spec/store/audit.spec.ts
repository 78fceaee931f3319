import { from, lastValueFrom, toArray } from 'rxjs';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import type { Candle, HistorySpan } from 'rx-candles';
import { audit, openStore, type AuditSpan, type CandleStore } from 'rx-candles/store';
import { BTC, MINUTE, START, minute, minutes, storeFolder } from '../support/stored.ts';

const folder = storeFolder();
let store: CandleStore;

beforeEach(async () => {
  store = await openStore(folder.newFile());
});
afterEach(() => store.close());
afterAll(() => {
  folder.remove();
});

/** An exchange that has these candles. */
const exchange = (candles: readonly Candle[]) => ({
  history$: (symbol: string, _interval: string, span: HistorySpan) =>
    from(
      candles.filter(
        (one) => one.symbol === symbol && one.timestamp >= Number(span.from) && one.timestamp < Number(span.to),
      ),
    ),
});

const findings = (candles: readonly Candle[], span?: AuditSpan) =>
  lastValueFrom(audit(store, exchange(candles), span).pipe(toArray()));

it('finds nothing where the exchange says the same, from the first to the last candle stored', async () => {
  await store.append(minutes(2500));
  expect(await findings(minutes(2600, { source: 'history' }))).toEqual([]);
});

it('finds what was revised, added and withdrawn, in the order of time', async () => {
  const had = [minute(0), minute(1), minute(3), minute(4), minute(5)];
  await store.append(had, [{ ...BTC, from: START + 2 * MINUTE, to: START + 2 * MINUTE }]);
  const revised = minute(3, { volume: 12 });
  expect(await findings([minute(0), minute(2), revised, minute(4)])).toEqual([
    { kind: 'withdrawn', stored: minute(1) },
    { kind: 'added', candle: minute(2) },
    { kind: 'revised', stored: minute(3), candle: revised },
    { kind: 'withdrawn', stored: minute(5) },
  ]);
  const [first] = await store.gaps(BTC);
  expect(first).toEqual({ from: START + 2 * MINUTE, to: START + 2 * MINUTE });
});

it('compares a span and series of choice', async () => {
  await store.append([...minutes(5), ...minutes(5, { symbol: 'ETHUSDT' })]);
  const span = { series: BTC, from: START + MINUTE, to: START + 3 * MINUTE };
  expect(await findings([], span)).toEqual([minute(1), minute(2)].map((stored) => ({ kind: 'withdrawn', stored })));
});

it('refuses to guess whose the series are', async () => {
  await store.append([minute(0), minute(0, { venue: 'binance-spot' })]);
  await expect(findings([])).rejects.toThrow('binance-spot and binance-usdm');
  await expect(findings([minute(0, { venue: 'binance-coinm' })], { series: BTC })).rejects.toThrow('binance-coinm');
});
