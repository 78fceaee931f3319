import type { EpochMs } from '../../core/candle.ts';
import { closeTimeOf } from '../../core/interval.ts';
import type { Parsed } from '../../ports/connector.ts';
import { inOrder, withoutRepeats, type KlineRows, type ReadRow } from '../kline-rows.ts';
import { bad, excerptOf, isText, isTime, isWireObject, numberOf, type WireObject } from '../values.ts';
import { candleOf, type Series } from './candle.ts';

/** What an answer is about: `{"retCode":0,"retMsg":"OK","result":{…},"retExtInfo":{},"time":1672025956592}`. */
export function resultOf(body: unknown): WireObject | undefined {
  const result = isWireObject(body) ? body['result'] : undefined;
  return isWireObject(result) ? result : undefined;
}

/** A row that says when it opens. */
interface PlacedRow {
  readonly timestamp: EpochMs;
  readonly row: readonly unknown[];
}

/**
 * Rows of a kline answer. Bybit writes them newest first: open time, open, high, low, close, volume, turnover, all as text.
 * No row says when it closes, nor whether it is final: the newest still runs.
 *
 * ```json
 * {"retCode":0,"retMsg":"OK","result":{"symbol":"BTCUSDT","category":"linear","list":[
 *  ["1786820400000","63027.8","63032.3","63027.7","63032.3","4.591","289363.9178"],
 *  ["1786816800000","63044.4","63089.6","63000.1","63027.8","385.721","24314058.6517"]]},"retExtInfo":{},"time":1786820637599}
 * ```
 *
 * @see https://bybit-exchange.github.io/docs/v5/market/kline, read on 2026-07-24
 */
export function rowsOf(body: unknown, series: Series): Parsed<KlineRows> {
  const list = resultOf(body)?.['list'];
  if (!Array.isArray(list)) return bad(`kline: no list in ${excerptOf(body)}`);
  const placed = withoutRepeats(list as readonly unknown[]).flatMap(placedOf);
  if (placed.length === 0 && list.length > 0) return bad(`kline: no row can be read: ${excerptOf(list[0])}`);
  return inOrder(placed.toReversed().map((row) => readRow(row, series)));
}

function placedOf(row: unknown): PlacedRow[] {
  if (!Array.isArray(row)) return [];
  const timestamp = numberOf((row as readonly unknown[])[0]);
  return isTime(timestamp) && timestamp > 0 ? [{ timestamp, row: row as readonly unknown[] }] : [];
}

function readRow({ timestamp, row }: PlacedRow, series: Series): ReadRow {
  const [, open, high, low, close, volume, turnover] = row;
  const closeTime = closeTimeOf(timestamp, series.interval);
  const candle = candleOf(series, {
    timestamp,
    closeTime,
    open,
    high,
    low,
    close,
    volume,
    turnover,
    source: 'backfill',
  });
  return typeof candle === 'string'
    ? { timestamp, rejected: { timestamp, row, reason: candle } }
    : { timestamp, candle };
}

/** The exchange's time: `{"timeSecond":"1688639403","timeNano":"1688639403423213947"}`. */
export function serverTimeOf(body: unknown): Parsed<EpochMs> {
  const nano = resultOf(body)?.['timeNano'];
  const time = isText(nano) && /^\d{19}$/.test(nano) ? Number(nano.slice(0, 13)) : NaN;
  return isTime(time) ? { ok: true, value: time } : bad(`time: no usable timeNano in ${excerptOf(body)}`);
}
