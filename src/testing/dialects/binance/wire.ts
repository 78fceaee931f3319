import type { EpochMs } from '../../../core/candle.ts';
import type { Interval } from '../../../core/interval.ts';
import type { Kline } from '../../market/kline.ts';
import type { BinanceRules } from './rules.ts';

export interface KlineEvent {
  readonly symbol: string;
  readonly interval: Interval;
  readonly kline: Kline;
  readonly closed: boolean;
  /** When the exchange built it, ms UTC. */
  readonly eventTime: EpochMs;
}

/** The kline event as this market writes it, keys in its order (docs/protocol.md, A kline). */
export function klineText(
  { symbol, interval, kline: k, closed, eventTime }: KlineEvent,
  { betweenMembers: and }: Pick<BinanceRules, 'betweenMembers'>,
): string {
  return (
    `{"e":"kline","E":${String(eventTime)},"s":"${symbol}","k":{"t":${String(k.openTime)}${and}` +
    `"T":${String(k.closeTime)}${and}"s":"${symbol}"${and}"i":"${interval}"${and}"f":${String(k.firstTradeId)}${and}` +
    `"L":${String(k.lastTradeId)}${and}"o":"${k.open}"${and}"c":"${k.close}"${and}"h":"${k.high}"${and}` +
    `"l":"${k.low}"${and}"v":"${k.volume}"${and}"n":${String(k.trades)}${and}"x":${String(closed)}${and}` +
    `"q":"${k.quoteVolume}"${and}"V":"${k.takerBuyVolume}"${and}"Q":"${k.takerBuyQuoteVolume}"${and}"B":"0"}}`
  );
}

export type Row = readonly [
  number, string, string, string, string, string, number, string, number, string, string, string,
]; // prettier-ignore

/** The twelve columns of a REST row (docs/protocol.md, REST). */
export function rowOf(k: Kline): Row {
  return [
    k.openTime, k.open, k.high, k.low, k.close, k.volume, k.closeTime,
    k.quoteVolume, k.trades, k.takerBuyVolume, k.takerBuyQuoteVolume, '0',
  ]; // prettier-ignore
}
