import type { Interval } from '../../core/interval.ts';

/**
 * OKX's word for each length, in channels and in `bar`. Without `utc` a candle of six hours and longer opens by the clock
 * of Hong Kong (UTC+8). It has no `8h`.
 *
 * @see https://www.okx.com/docs-v5/en/#order-book-trading-market-data-ws-candlesticks-channel, copy of 2026-07-08
 */
const BARS: Readonly<Partial<Record<Interval, string>>> = {
  '1s': '1s', '1m': '1m', '3m': '3m', '5m': '5m', '15m': '15m', '30m': '30m', '1h': '1H', '2h': '2H', '4h': '4H',
  '6h': '6Hutc', '12h': '12Hutc', '1d': '1Dutc', '3d': '3Dutc', '1w': '1Wutc', '1M': '1Mutc',
}; // prettier-ignore

const BY_BAR: ReadonlyMap<string, Interval> = new Map(
  Object.entries(BARS).map(([interval, bar]) => [bar, interval as Interval]),
);

export const OKX_INTERVALS: readonly Interval[] = [...BY_BAR.values()];

/** @throws RangeError for a length that OKX does not have: the feed refuses it before */
export function barOf(interval: Interval): string {
  const bar = BARS[interval];
  if (bar === undefined) throw new RangeError(`okx has no candles of ${interval}`);
  return bar;
}

/** The length of a channel's candles; undefined for a channel of another kind, and for one by the clock of Hong Kong. */
export function intervalOfChannel(channel: unknown): Interval | undefined {
  return typeof channel === 'string' && channel.startsWith('candle') ? BY_BAR.get(channel.slice(6)) : undefined;
}
