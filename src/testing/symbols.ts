import type { EpochMs, VenueId } from '../core/candle.ts';
import { closeTimeOf, nextOpenTime, openTimeAt, type Interval } from '../core/interval.ts';
import { Market, STEP_MS } from './market.ts';
import { Sum, type Piece } from './piece.ts';
import { hashText } from './random.ts';
import { VENUE_RULES, type VenueRules } from './venue-rules.ts';

const DAY = 86_400_000;

/** `deliveryDate` of a contract without an end, as Binance sends it: 2100-12-25T08:00:00Z. */
const NEVER = 4_133_404_800_000;

/** One symbol of the fake exchange. Everything but its name has a default. */
export interface FakeSymbol {
  /** The exchange's spelling, upper case; need not be ASCII: `币安人生USDT`. */
  readonly symbol: string;
  /** The exchange's own word. Default `TRADING`. `SETTLING`, `CLOSE`, `DELIVERED` and spot's `BREAK` stop the stream. */
  readonly status?: string;
  /** First trade, ms UTC. Default one of three days in January 2020, so that `3d` grids differ. */
  readonly listed?: EpochMs;
  /** When trading stopped, ms UTC. Default: never, or the last midnight where `status` says that it has. */
  readonly ended?: EpochMs;
  /** Whether REST goes on with flat candles after the end. Default false. */
  readonly flatAfterEnd?: boolean;
  /** `PERPETUAL`, `CURRENT_QUARTER`, `TRADIFI_PERPETUAL`. Default `PERPETUAL`. */
  readonly contractType?: string;
  /** When the contract ends, ms UTC, as exchangeInfo says it. Default: never. */
  readonly deliveryDate?: EpochMs;
  /** Any open time of the `3d` series, ms UTC. Default: the day of listing. */
  readonly threeDayAnchor?: EpochMs;
  /** Probability that a minute has no trades. Default 0; 1 stops the market. */
  readonly emptyMinutes?: number;
  /** Probability that a second of a minute with trades has none. Default 0. */
  readonly emptySeconds?: number;
  /** Typical price in quote currency. Default by name. */
  readonly price?: number;
}

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

const KNOWN_PRICES: readonly (readonly [string, number])[] = [
  ['BTC', 83_000], ['ETH', 3100], ['BNB', 900], ['SOL', 200], ['XRP', 2.5], ['DOGE', 0.2],
]; // prettier-ignore

/** Statuses after which the stream sends nothing more (FACTS 4.4). */
const ENDED = new Set(['SETTLING', 'CLOSE', 'DELIVERED', 'DELIVERING', 'BREAK', 'END_OF_DAY']);

/** Statuses in which nothing is traded for now. */
const PAUSED = new Set(['HALT', 'TRADING_HALT', 'PRE_SETTLE', 'PENDING_TRADING']);

/** One symbol with its market and its state, which scripts may change. */
export class SymbolState {
  readonly symbol: string;
  /** What stream names call it: only ASCII letters are lowered. */
  readonly streamName: string;
  readonly rules: VenueRules;
  readonly options: FakeSymbol;
  readonly anchor: EpochMs;
  readonly priceDecimals: number;
  readonly lotDecimals: number;
  readonly quoteDecimals: number;
  readonly listed: EpochMs;
  status: string;
  flatAfterEnd: boolean;
  /** Times without trading; the last one may have no end. */
  private readonly pauses: { readonly from: EpochMs; readonly before: EpochMs }[] = [];
  private pausedSince: EpochMs = Infinity;
  private readonly market: Market;

  constructor(venue: VenueId, options: FakeSymbol, { seed, now }: { readonly seed: number; readonly now: EpochMs }) {
    const hash = hashText(seed, venue + options.symbol);
    const price = options.price ?? defaultPrice(options.symbol, hash);
    this.symbol = options.symbol;
    this.streamName = options.symbol.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    this.rules = VENUE_RULES[venue];
    this.options = options;
    this.listed = options.listed ?? Date.UTC(2020, 0, 1 + (Math.abs(hash) % 3), 8);
    this.anchor = options.threeDayAnchor ?? this.listed - (this.listed % DAY);
    this.priceDecimals = Math.min(8, Math.max(0, 6 - Math.floor(Math.log10(price))));
    this.lotDecimals = venue === 'binance-coinm' ? 0 : Math.min(5, Math.max(0, 1 + Math.floor(Math.log10(price))));
    this.quoteDecimals = venue === 'binance-coinm' ? 8 : 5;
    this.status = options.status ?? 'TRADING';
    this.pausedSince = options.ended ?? (this.trades ? Infinity : now - (now % DAY));
    this.flatAfterEnd = options.flatAfterEnd ?? false;
    this.market = this.marketOf(price, hash);
  }

  get trades(): boolean {
    return !ENDED.has(this.status) && !PAUSED.has(this.status);
  }

  get hasEnded(): boolean {
    return ENDED.has(this.status);
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
    const piece = this.tradedBetween(Math.max(openTime, this.listed), Math.min(next, asOf));
    return this.worded(piece, openTime, closeTimeOf(openTime, interval));
  }

  private tradedBetween(from: EpochMs, before: EpochMs): Piece {
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

  private worded(piece: Piece, openTime: EpochMs, closeTime: EpochMs): Kline {
    const price = (ticks: number): string => decimal(ticks, this.priceDecimals, this.rules.padTo);
    const lots = (units: number): string => decimal(units, this.lotDecimals, this.rules.padTo);
    const quote = (units: number): string => decimal(units, this.quoteDecimals, this.rules.padTo);
    return {
      openTime,
      closeTime,
      open: price(piece.open),
      high: price(piece.high),
      low: price(piece.low),
      close: price(piece.close),
      volume: lots(piece.lots),
      quoteVolume: quote(piece.quote),
      trades: piece.trades,
      takerBuyVolume: lots(piece.takerLots),
      takerBuyQuoteVolume: quote(piece.takerQuote),
      firstTradeId: piece.trades === 0 ? -1 : tradeId(piece.firstTrade),
      lastTradeId: piece.trades === 0 ? -1 : tradeId(piece.firstTrade + piece.trades - 1),
    };
  }

  private marketOf(price: number, seed: number): Market {
    const tick = 10 ** -this.priceDecimals;
    const lot = 10 ** -this.lotDecimals;
    const unit = 10 ** this.quoteDecimals;
    const inverse = this.rules.id === 'binance-coinm';
    return new Market({
      seed,
      ticks: Math.round(price / tick),
      // A COIN-M contract is worth 10 USD, so its quote volume is in the base asset.
      valuePerLot: (ticks) => (inverse ? (10 / (ticks * tick)) * unit : ticks * tick * lot * unit),
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

  /** As `exchangeInfo` lists it. */
  toInfo(): Record<string, unknown> {
    const quote = /USDT|USDC|FDUSD|USD|BTC$/.exec(this.symbol)?.[0] ?? 'USDT';
    const base = this.symbol.slice(0, this.symbol.lastIndexOf(quote)) || this.symbol;
    const common = { symbol: this.symbol, baseAsset: base, quoteAsset: quote, orderTypes: [], filters: this.filters() };
    if (this.rules.budget === 'spot') {
      return {
        ...common,
        status: this.status,
        isSpotTradingAllowed: true,
        permissions: [],
        permissionSets: [['SPOT']],
      };
    }
    return {
      ...common,
      pair: this.symbol.replace(/_.*$/, ''),
      contractType: this.options.contractType ?? 'PERPETUAL',
      deliveryDate: this.options.deliveryDate ?? NEVER,
      onboardDate: this.listed,
      marginAsset: this.rules.id === 'binance-coinm' ? base : quote,
      pricePrecision: this.priceDecimals,
      quantityPrecision: this.lotDecimals,
      ...(this.rules.id === 'binance-coinm'
        ? { contractStatus: this.status, contractSize: 10 }
        : { status: this.status }),
    };
  }

  private filters(): readonly object[] {
    const step = (decimals: number): string => decimal(1, decimals, this.rules.padTo);
    return [
      {
        filterType: 'PRICE_FILTER',
        tickSize: step(this.priceDecimals),
        minPrice: step(this.priceDecimals),
        maxPrice: '1000000',
      },
      { filterType: 'LOT_SIZE', stepSize: step(this.lotDecimals), minQty: step(this.lotDecimals), maxQty: '9000000' },
    ];
  }
}

/** Trade ids leave gaps, as the real ones do: `n` need not equal `L − f + 1` (FACTS 2.2). */
function tradeId(count: number): number {
  return count + Math.floor(count / 500);
}

function defaultPrice(symbol: string, hash: number): number {
  const known = KNOWN_PRICES.find(([base]) => symbol.startsWith(base));
  return known?.[1] ?? 10 ** ((Math.abs(hash) % 4000) / 1000 - 1);
}

/** `12345` with 2 decimals is `123.45`. */
function decimal(units: number, decimals: number, padTo: number | null): string {
  const digits = String(units).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const part = digits.slice(digits.length - decimals);
  const padded = padTo === null ? part : part.padEnd(padTo, '0');
  return padded === '' ? whole : `${whole}.${padded}`;
}
