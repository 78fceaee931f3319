import { InvalidArgumentError } from 'commander';
import type { Candle, Interval, VenueId } from '../index.ts';
import type { FakeExchange, SeriesName } from '../testing/index.ts';
import { toVenue } from './arguments.ts';

/** One series of a demo: what the feed calls it, and what the fake exchange does. */
export interface DemoSeries {
  readonly symbol: string;
  readonly interval: Interval;
  readonly fake: SeriesName;
}

/** An exchange of ccxt whose dialects the fake exchange speaks. */
interface CcxtMarket {
  /** Every market that ccxt reads the list of, that of the series first. */
  readonly venues: readonly [VenueId, ...VenueId[]];
  /** What stands between the fake exchange's address and the path of ccxt's own URL. */
  readonly streamPath: string;
  /** The exchange's symbols by those of ccxt. */
  readonly symbols: Readonly<Record<string, string>>;
}

const BINANCE: CcxtMarket['venues'] = ['binance-spot', 'binance-usdm', 'binance-coinm'];
const pairs = (between: string, settled = '') =>
  Object.fromEntries(['BTC', 'ETH', 'SOL'].map((base) => [`${base}/USDT${settled}`, `${base}${between}USDT`]));

/** By the exchange's id in ccxt. */
const CCXT_MARKETS: Readonly<Record<string, CcxtMarket>> = {
  binance: { venues: BINANCE, streamPath: '/spot', symbols: pairs('') },
  binanceusdm: { venues: ['binance-usdm'], streamPath: '/usdm', symbols: pairs('', ':USDT') },
  bybit: { venues: ['bybit-spot', 'bybit-linear', 'bybit-inverse'], streamPath: '', symbols: pairs('') },
  gate: { venues: ['gate-spot'], streamPath: '', symbols: pairs('_') },
  okx: { venues: ['okx'], streamPath: '', symbols: pairs('-') },
};

const idOf = (venue: VenueId): string | undefined => /^ccxt:(.*)$/.exec(venue)?.[1];

/** A venue that the fake exchange can stand in for. */
export function toDemoVenue(text: string): VenueId {
  const venue = toVenue(text);
  const id = idOf(venue);
  if (id === undefined || Object.hasOwn(CCXT_MARKETS, id)) return venue;
  const spoken = Object.keys(CCXT_MARKETS).map((one) => `ccxt:${one}`);
  throw new InvalidArgumentError(
    `The fake exchange does not speak as ${id} does; of ccxt it has ${spoken.join(', ')}.`,
  );
}

/** The market that a demo runs on. */
export class DemoMarket {
  readonly venue: VenueId;
  /** Which venues the fake exchange speaks for. */
  readonly spoken: readonly VenueId[];
  readonly #ccxt: CcxtMarket | undefined;

  constructor(venue: VenueId) {
    this.venue = venue;
    this.#ccxt = CCXT_MARKETS[idOf(venue) ?? ''];
    this.spoken = this.#ccxt?.venues ?? [venue];
  }

  /** How long before a minute to begin, ms: ccxt is loaded first, and its lists are read. */
  get headStartMs(): number {
    return this.#ccxt === undefined ? 5000 : 10_000;
  }

  endpoints(exchange: FakeExchange): ReturnType<FakeExchange['endpoints']> {
    const own = exchange.endpoints();
    return this.#ccxt === undefined ? own : { ...own, stream: new URL(own.stream).origin + this.#ccxt.streamPath };
  }

  /** The shortest candles there are; of ccxt, which reads every close over REST, those of a minute. */
  interval(exchange: FakeExchange): Interval {
    return this.#ccxt === undefined ? (exchange.intervals()[0] ?? '1m') : '1m';
  }

  /** @param listed - by the feed */
  series(listed: readonly string[], interval: Interval): readonly DemoSeries[] {
    const [venue] = this.spoken;
    const own = this.#ccxt?.symbols;
    const names = own === undefined ? listed.map((symbol) => [symbol, symbol] as const) : Object.entries(own);
    return names.map(([symbol, fake]) => ({ symbol, interval, fake: { venue, symbol: fake, interval } }));
  }

  /** A candle of the exchange as the feed must give it: what ccxt does not tell is null. */
  told(candle: Candle, symbol: string): Candle {
    return this.#ccxt === undefined ? candle : { ...candle, ...UNTOLD, venue: this.venue, symbol };
  }
}

const UNTOLD = { quoteVolume: null, trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null };
