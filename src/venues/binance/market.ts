import type { Interval } from '../../core/interval.ts';
import { EVIDENCE } from '../../core/missing-rules.ts';
import type { Connector } from '../../ports/connector.ts';
import type { Endpoints } from '../../ports/endpoints.ts';
import { symbolHints } from './hints.ts';
import { binanceRest, type BinanceRest } from './rest.ts';
import { binanceStream, type BinanceStream } from './stream.ts';
import { symbolNameOf, type BinanceVenue } from './symbol-name.ts';

/** How long a pause of a symbol may last before it counts as delisted where the status does not say. */
const WEEK_MS = 7 * 86_400_000;

/** Every candle length of the futures markets; spot adds `1s`. */
export const FUTURES_INTERVALS: readonly Interval[] = [
  '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M',
]; // prettier-ignore

/** What tells one Binance market from the others. */
export interface BinanceMarket extends Pick<Connector, 'intervals' | 'endpoints'> {
  readonly id: BinanceVenue;
  readonly testnet: Endpoints;
  readonly graceMs: number;
  readonly settleMs: number;
  readonly stream: BinanceStream;
  readonly rest: BinanceRest;
}

/** All of them have a test network. */
type BinanceConnector = Connector & { readonly testnet: Endpoints };

/** A Binance market: the dialect is the same on all of them. */
export function binanceMarket({ id, graceMs, settleMs, stream, rest, ...data }: BinanceMarket): BinanceConnector {
  return {
    id,
    ...data,
    // The exchange cuts connections after 24 h; ours are replaced before they reach this age.
    timing: { graceMs, settleMs, silenceMs: 30_000, rotateAfterMs: 23 * 3_600_000 },
    longestPauseMs: WEEK_MS,
    evidence: EVIDENCE,
    stream: binanceStream(id, stream),
    rest: binanceRest(id, rest),
    symbolOf: (written) => symbolNameOf(written, id),
    hints: symbolHints(id),
  };
}

/**
 * Weight of a futures klines request: measured on 2026-10-07, where 100 and 500 still cost the lower band (the
 * documentation's bands begin one row earlier).
 */
export function futuresKlinesWeight(limit: number): number {
  if (limit <= 100) return 1;
  if (limit <= 500) return 2;
  return limit <= 1000 ? 5 : 10;
}
