import { isRecord } from '../../core/schema.ts';

/** The most rows of one answer, for each kind of market that has a limit: `features.swap.linear.fetchOHLCV.limit`. */
export function rowLimitsIn(features: unknown): readonly number[] {
  const limits = ofAllMarkets(features, 'fetchOHLCV').map(({ limit }) => limit);
  return limits.filter((limit) => typeof limit === 'number' && limit > 1) as number[];
}

/** Whether the list of currencies needs keys (`features.spot.fetchCurrencies.private`). */
export function readsCurrenciesInPrivate(features: unknown): boolean {
  return ofAllMarkets(features, 'fetchCurrencies').some((about) => about['private'] === true);
}

/** What an exchange of ccxt says of a method, for each kind of market, at whatever depth (ccxt 4.5.84). */
function ofAllMarkets(features: unknown, method: string): readonly Record<string, unknown>[] {
  if (!isRecord(features)) return [];
  const own = features[method];
  const deeper = Object.entries(features).filter(([name]) => name !== method);
  return [...(isRecord(own) ? [own] : []), ...deeper.flatMap(([, value]) => ofAllMarkets(value, method))];
}
