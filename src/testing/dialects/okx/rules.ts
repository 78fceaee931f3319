import { INTERVALS, type Interval } from '../../../core/interval.ts';
import type { MarketRules } from '../../market/market-rules.ts';
import type { FakeSymbol } from '../../market/symbols.ts';

/** How OKX trades, as far as its documents say: pushes once a second. How late a close comes is not known. */
export const OKX_RULES: MarketRules = {
  id: 'okx',
  intervals: INTERVALS.filter((interval) => interval !== '8h'),
  closeDelayMs: { min: 20, max: 200 },
  updateEveryMs: () => 1000,
  padTo: null,
  contractValue: null,
  statuses: { initial: 'live', trading: ['live', 'post_only'], ended: ['expired'] },
};

export const OKX_SYMBOLS: readonly (string | FakeSymbol)[] = [
  'BTC-USDT',
  'ETH-USDT',
  'SOL-USDT',
  'BTC-USDT-SWAP',
  'ETH-USDT-SWAP',
  'BTC-USD-SWAP',
  { symbol: 'BTC-USDT-291228', deliveryDate: Date.UTC(2029, 11, 28, 8) },
];

/** `1h` is `1H`; from six hours on `utc` is appended: without it a candle opens by the clock of Hong Kong. */
export function barOf(interval: Interval): string {
  const [, count = '', unit = ''] = /^(\d+)(\w)$/.exec(interval) ?? [];
  const isLong = ['d', 'w', 'M'].includes(unit) || (unit === 'h' && Number(count) >= 6);
  return `${count}${['h', 'd', 'w'].includes(unit) ? unit.toUpperCase() : unit}${isLong ? 'utc' : ''}`;
}

/** Undefined for a bar that there is not, or that is cut by the clock of Hong Kong. */
export function intervalOf(bar: string): Interval | undefined {
  return OKX_RULES.intervals.find((interval) => barOf(interval) === bar);
}
