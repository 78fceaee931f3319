import { makeCandle, unusableBecause, type Candle } from '../../core/candle.ts';
import { closeTimeOf, type Interval } from '../../core/interval.ts';
import { isTime, numberOf } from '../values.ts';

/**
 * The intervals that Gate has both on the stream and over REST. Left out: `10s`, which no other venue has, and `7d` and
 * `30d`, for which no document says when they begin.
 *
 * @see https://www.gate.com/docs/developers/apiv4/ws/en/#candlesticks-channel, copy of 2026-06-28
 */
export const GATE_INTERVALS: readonly Interval[] = ['1m', '5m', '15m', '30m', '1h', '4h', '8h', '1d'];

/** The series of a candle, and how it reached us. */
export type Series = Pick<Candle, 'symbol' | 'interval' | 'source'>;

/** What Gate reports of a candle: neither its close time, nor the number of trades, nor the takers' share. */
export interface GateCandle {
  readonly timestamp: number;
  readonly open: unknown;
  readonly high: unknown;
  readonly low: unknown;
  readonly close: unknown;
  /** Base asset. */
  readonly base: unknown;
  /** Quote asset. */
  readonly quote: unknown;
}

/** The candle, or what is wrong with it. */
export function candleOf(
  series: Series,
  { timestamp, open, high, low, close, base, quote }: GateCandle,
): Candle | string {
  const candle = makeCandle({
    venue: 'gate-spot',
    symbol: series.symbol,
    interval: series.interval,
    timestamp,
    closeTime: closeTimeOf(timestamp, series.interval),
    open: numberOf(open),
    high: numberOf(high),
    low: numberOf(low),
    close: numberOf(close),
    volume: numberOf(base),
    quoteVolume: numberOf(quote),
    trades: null,
    takerBuyVolume: null,
    takerBuyQuoteVolume: null,
    source: series.source,
  });
  return unusableBecause(candle) ?? candle;
}

/** An open time in ms UTC, from seconds as text; undefined for anything else. */
export function openTimeOf(seconds: unknown): number | undefined {
  const time = numberOf(seconds) * 1000;
  return isTime(time) && time > 0 ? time : undefined;
}
