import { makeCandle, unusableBecause, type Candle } from '../../core/candle.ts';
import { closeTimeOf, type Interval } from '../../core/interval.ts';
import { isTime, numberOf } from '../values.ts';

/**
 * The lengths that Gate has both on the stream and over REST, and writes as we do. Left out: `10s`, which nobody else has; `7d`
 * and `30d`, of which no document says when they begin.
 *
 * @see https://www.gate.com/docs/developers/apiv4/ws/en/#candlesticks-channel, copy of 2026-06-28
 */
export const GATE_INTERVALS: readonly Interval[] = ['1m', '5m', '15m', '30m', '1h', '4h', '8h', '1d'];

/** Whose candles these are. */
export type Series = Pick<Candle, 'symbol' | 'interval' | 'source'>;

/** What Gate tells of a candle: seconds and decimals as text. It does not tell when it closes, how many traded, who took. */
export interface Told {
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
export function candleOf(series: Series, { timestamp, open, high, low, close, base, quote }: Told): Candle | string {
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

/** An open time, ms UTC, of seconds in text; undefined for anything else. */
export function openTimeOf(seconds: unknown): number | undefined {
  const time = numberOf(seconds) * 1000;
  return isTime(time) && time > 0 ? time : undefined;
}
