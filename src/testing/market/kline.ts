import type { EpochMs } from '../../core/candle.ts';
import type { TradeSlice } from './trade-slice.ts';

/** One candle in the exchange's own words: decimals as it writes them. */
export interface Kline {
  readonly openTime: EpochMs;
  readonly closeTime: EpochMs;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly trades: number;
  readonly takerBuyVolume: string;
  readonly takerBuyQuoteVolume: string;
  /** −1 without trades. */
  readonly firstTradeId: number;
  readonly lastTradeId: number;
}

/** How a symbol writes its numbers. */
export interface Scale {
  readonly priceDecimals: number;
  readonly lotDecimals: number;
  readonly quoteDecimals: number;
  /** Decimals that everything is padded to; null pads nothing. */
  readonly padTo: number | null;
}

/** What was traded, in the exchange's own words. */
export function klineOf(slice: TradeSlice, scale: Scale, times: Pick<Kline, 'openTime' | 'closeTime'>): Kline {
  const price = (ticks: number): string => decimal(ticks, scale.priceDecimals, scale.padTo);
  const lots = (units: number): string => decimal(units, scale.lotDecimals, scale.padTo);
  const quote = (units: number): string => decimal(units, scale.quoteDecimals, scale.padTo);
  const isEmpty = slice.trades === 0;
  return {
    ...times,
    open: price(slice.open),
    high: price(slice.high),
    low: price(slice.low),
    close: price(slice.close),
    volume: lots(slice.lots),
    quoteVolume: quote(slice.quote),
    trades: slice.trades,
    takerBuyVolume: lots(slice.takerLots),
    takerBuyQuoteVolume: quote(slice.takerQuote),
    firstTradeId: isEmpty ? -1 : tradeId(slice.firstTrade),
    lastTradeId: isEmpty ? -1 : tradeId(slice.firstTrade + slice.trades - 1),
  };
}

/** Trade ids leave gaps, as the real ones do: `n` need not equal `L − f + 1` (docs/protocol.md, A kline). */
function tradeId(count: number): number {
  return count + Math.floor(count / 500);
}

/** `12345` with 2 decimals is `123.45`. In two halves: V8 writes small whole numbers many times faster than large ones. */
export function decimal(units: number, decimals: number, padTo: number | null): string {
  const scale = 10 ** decimals;
  let whole = Math.floor(units / scale);
  // The division of a very large number may round up.
  if (whole * scale > units) whole--;
  const part = decimals === 0 ? '' : String(units - whole * scale).padStart(decimals, '0');
  const padded = padTo === null ? part : part.padEnd(padTo, '0');
  return padded === '' ? String(whole) : `${String(whole)}.${padded}`;
}
