import type { EpochMs } from '../../core/candle.ts';
import { nextOpenTime, openTimeAt, type Interval } from '../../core/interval.ts';
import { klineOf, type Kline, type Scale } from './kline.ts';
import { Market, STEP_MS } from './market.ts';
import { Sum, type TradeSlice } from './trade-slice.ts';
import { hashText } from './random.ts';
import type { MarketRules } from './market-rules.ts';

const DAY = 86_400_000;

/** One symbol of the fake exchange. Everything but its name has a default. */
export interface FakeSymbol {
  /** The exchange's spelling, upper case; need not be ASCII: `币安人生USDT`. */
  readonly symbol: string;
  /** The exchange's own word. Default that for trading. On Binance `SETTLING`, `CLOSE`, `DELIVERED` end the stream; `HALT`, `BREAK` and others pause trading. */
  readonly status?: string | undefined;
  /** First trade, ms UTC. Default one of three days in January 2020, so that `3d` grids differ. */
  readonly listed?: EpochMs | undefined;
  /** When trading stopped, ms UTC. Default: never, or the last midnight where `status` says that it has. */
  readonly ended?: EpochMs | undefined;
  /** Whether REST goes on with flat candles after the end. Default false. */
  readonly flatAfterEnd?: boolean | undefined;
  /** `PERPETUAL`, `CURRENT_QUARTER`, `TRADIFI_PERPETUAL`. Default `PERPETUAL`. */
  readonly contractType?: string | undefined;
  /** When the contract ends, ms UTC, as exchangeInfo says it. Default: never. */
  readonly deliveryDate?: EpochMs | undefined;
  /** Any open time of the `3d` series, ms UTC. Default: the day of listing. */
  readonly threeDayAnchor?: EpochMs | undefined;
  /** Probability that a minute has no trades. Default 0; 1 stops the market. */
  readonly emptyMinutes?: number | undefined;
  /** Probability that a second of a minute with trades has none. Default 0. */
  readonly emptySeconds?: number | undefined;
  /** Typical price in quote currency. Default by name. */
  readonly price?: number | undefined;
}

const KNOWN_PRICES: readonly (readonly [string, number])[] = [
  ['BTC', 83_000], ['ETH', 3100], ['BNB', 900], ['SOL', 200], ['XRP', 2.5], ['DOGE', 0.2],
]; // prettier-ignore

/** One symbol with its market and its state, which scripts may change. */
export class SymbolState {
  readonly symbol: string;
  readonly rules: MarketRules;
  readonly options: FakeSymbol;
  readonly anchor: EpochMs;
  readonly scale: Scale;
  readonly listed: EpochMs;
  status: string;
  flatAfterEnd: boolean;
  /** Times without trading; the last one may have no end. */
  private readonly pauses: { readonly from: EpochMs; readonly before: EpochMs }[] = [];
  private pausedSince: EpochMs = Infinity;
  private readonly market: Market;

  constructor(
    rules: MarketRules,
    options: FakeSymbol,
    { seed, now }: { readonly seed: number; readonly now: EpochMs },
  ) {
    const hash = Math.abs(hashText(seed, rules.id + options.symbol));
    const price = options.price ?? defaultPrice(options.symbol, hash);
    this.options = options;
    this.symbol = options.symbol;
    this.rules = rules;
    this.listed = options.listed ?? Date.UTC(2020, 0, 1 + (hash % 3), 8);
    this.anchor = options.threeDayAnchor ?? this.listed - (this.listed % DAY);
    this.scale = scaleOf(this.rules, price);
    this.status = options.status ?? rules.statuses.initial;
    this.pausedSince = options.ended ?? (this.trades ? Infinity : now - (now % DAY));
    this.flatAfterEnd = options.flatAfterEnd === true;
    this.market = this.marketOf(price, hash);
  }

  get trades(): boolean {
    return this.rules.statuses.trading.includes(this.status);
  }

  get hasEnded(): boolean {
    return this.rules.statuses.ended.includes(this.status);
  }

  openTimeAt(time: EpochMs, interval: Interval): EpochMs {
    return openTimeAt(time, interval, this.anchor);
  }

  /** When trading ended for good, ms UTC; Infinity while it has not. */
  get ended(): EpochMs {
    return this.hasEnded || this.options.ended !== undefined ? this.pausedSince : Infinity;
  }

  /** Whether the exchange has a candle there by the time `asOf` (holes not considered). */
  has(interval: Interval, openTime: EpochMs, asOf: EpochMs): boolean {
    if (openTime > asOf || nextOpenTime(openTime, interval) <= this.listed) return false;
    return openTime < this.ended || this.flatAfterEnd;
  }

  /** The candle as it stands at `asOf`; the final one when that is after its close. */
  kline(interval: Interval, openTime: EpochMs, asOf: EpochMs): Kline {
    const next = nextOpenTime(openTime, interval);
    const slice = this.tradedBetween(Math.max(openTime, this.listed), Math.min(next, asOf));
    return klineOf(slice, this.scale, { openTime, closeTime: next - 1 });
  }

  private tradedBetween(from: EpochMs, before: EpochMs): TradeSlice {
    const sum = new Sum();
    let time = from;
    for (const pause of [...this.pauses, { from: this.pausedSince, before: Infinity }]) {
      if (pause.before <= time) continue;
      sum.add(this.market.between(Math.min(time, pause.from), Math.min(before, pause.from)));
      time = pause.before;
      if (time >= before) break;
    }
    if (time < before) sum.add(this.market.between(time, before));
    return sum.total ?? this.market.between(from, from);
  }

  private marketOf(price: number, seed: number): Market {
    const tick = 10 ** -this.scale.priceDecimals;
    const lot = 10 ** -this.scale.lotDecimals;
    const unit = 10 ** this.scale.quoteDecimals;
    const { contractValue } = this.rules;
    return new Market({
      seed,
      ticks: Math.round(price / tick),
      valuePerLot: (ticks) =>
        contractValue === null ? ticks * tick * lot * unit : (contractValue / (ticks * tick)) * unit,
      emptyMinutes: this.options.emptyMinutes ?? 0,
      emptySeconds: this.options.emptySeconds ?? 0,
    });
  }

  /** Stops trading at `time`, or takes it up again. */
  setStatus(status: string, time: EpochMs): void {
    this.status = status;
    const now = time - (time % STEP_MS);
    if (!this.trades && this.pausedSince === Infinity) this.pausedSince = now;
    if (!this.trades || this.pausedSince === Infinity) return;
    this.pauses.push({ from: this.pausedSince, before: now });
    this.pausedSince = Infinity;
  }
}

function defaultPrice(symbol: string, hash: number): number {
  const known = KNOWN_PRICES.find(([base]) => symbol.startsWith(base));
  return known?.[1] ?? 10 ** ((hash % 4000) / 1000 - 1);
}

/** Prices of six digits or more, lots worth about a unit of quote currency; contracts are counted whole. */
function scaleOf({ contractValue, padTo }: MarketRules, price: number): Scale {
  const magnitude = Math.floor(Math.log10(price));
  const isInverse = contractValue !== null;
  return {
    priceDecimals: Math.min(8, Math.max(0, 6 - magnitude)),
    lotDecimals: isInverse ? 0 : Math.min(5, Math.max(0, 1 + magnitude)),
    quoteDecimals: isInverse ? 8 : 5,
    padTo,
  };
}
