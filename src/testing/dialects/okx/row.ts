import type { Kline } from '../../market/kline.ts';

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

function contractsOf({ volume, quoteVolume }: Kline, symbol: string): string {
  const contracts = symbol.split('-')[1] === 'USD' ? Number(quoteVolume) / INVERSE_CONTRACT : Number(volume) / LINEAR_CONTRACT; // prettier-ignore
  return contracts.toFixed(2);
}
