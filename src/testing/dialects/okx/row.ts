import { closeTimeOf, type Interval } from '../../../core/interval.ts';
import type { Kline } from '../../market/kline.ts';
import type { CandleValues } from '../dialect.ts';

/** What a contract is worth: so much of the base asset, and so many dollars where it is settled in the base asset. */
const LINEAR_CONTRACT = 0.01;
const INVERSE_CONTRACT = 100;

/** The nine columns, on the stream and over REST alike: ts, o, h, l, c, vol, volCcy, volCcyQuote, confirm. */
export function rowOf(kline: Kline, symbol: string, confirm: boolean): readonly string[] {
  const { openTime, open, high, low, close, volume, quoteVolume } = kline;
  const isDerivative = symbol.split('-').length > 2;
  const amounts = isDerivative ? [contractsOf(kline, symbol), volume] : [volume, quoteVolume];
  return [String(openTime), open, high, low, close, ...amounts, quoteVolume, confirm ? '1' : '0'];
}

/** What a row tells: no trades, nothing of takers, and not when it closes. */
export function candleOf(kline: Kline, interval: Interval): CandleValues {
  return {
    timestamp: kline.openTime,
    closeTime: closeTimeOf(kline.openTime, interval),
    open: Number(kline.open),
    high: Number(kline.high),
    low: Number(kline.low),
    close: Number(kline.close),
    volume: Number(kline.volume),
    quoteVolume: Number(kline.quoteVolume),
    trades: null,
    takerBuyVolume: null,
    takerBuyQuoteVolume: null,
  };
}

function contractsOf({ volume, quoteVolume }: Kline, symbol: string): string {
  const contracts = symbol.split('-')[1] === 'USD' ? Number(quoteVolume) / INVERSE_CONTRACT : Number(volume) / LINEAR_CONTRACT; // prettier-ignore
  return contracts.toFixed(2);
}
