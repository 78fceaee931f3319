import { makeCandle, type Candle, type VenueId } from '../../../src/core/candle.ts';
import type { Interval } from '../../../src/core/interval.ts';
import { startFakeExchange } from '../../../src/testing/index.ts';
import { VENUES } from '../../../src/venues/registry.ts';
import { HAS_RECORDINGS, recordings } from '../../support/recordings.ts';
import type { PlainCandle, Samples, VenueServer } from '../samples.ts';

type Fields = Readonly<Record<string, unknown>>;

const MINUTE = 60_000;
/** Decimals as Binance pads them. */
const padded = (value: number | null): string => (value ?? 0).toFixed(8);

/** What tells the samples of one market from the others'. */
interface Market {
  readonly symbol: string;
  readonly path: string;
  /** Weight of a klines request for 500 rows. */
  readonly weight: number;
  readonly spellings: Samples['spellings'];
  readonly interval: Interval;
}

const MARKETS: Readonly<Record<Extract<VenueId, `binance-${string}`>, Market>> = {
  'binance-usdm': {
    symbol: 'BTCUSDT',
    path: '/fapi/v1/klines',
    weight: 2,
    spellings: [
      ['btcusdt', 'BTCUSDT'],
      ['BTC/USDT:USDT', 'BTCUSDT'],
      ['btc/usdt:usdt-261225', 'BTCUSDT_261225'],
      ['BTC/USDT', undefined],
    ],
    interval: '1m',
  },
  'binance-coinm': {
    symbol: 'BTCUSD_PERP',
    path: '/dapi/v1/klines',
    weight: 2,
    spellings: [
      ['btcusd_perp', 'BTCUSD_PERP'],
      ['BTC/USD:BTC', 'BTCUSD_PERP'],
      ['BTC/USDT:USDT', undefined],
    ],
    interval: '1m',
  },
  'binance-spot': {
    symbol: 'BTCUSDT',
    path: '/api/v3/klines',
    weight: 2,
    spellings: [
      ['BtcUsdt', 'BTCUSDT'],
      ['BTC/USDT', 'BTCUSDT'],
      ['BTC/USDT:USDT', undefined],
    ],
    interval: '1s',
  },
};

export function binanceSamples(venue: keyof typeof MARKETS): Samples {
  const market = MARKETS[venue];
  const { symbol } = market;
  return {
    connector: VENUES[venue],
    untold: {},
    symbol,
    candlesPerFrame: 1,
    messageOf: ([told], eventTime) => messageOf(told, eventTime),
    withMore,
    tellsEventTime: true,
    recorded: () => recordedOf(venue),
    plain: (frame) => plainOf(frame, venue),
    topicsIn: (text) => {
      const { method, params, id } = JSON.parse(text) as { method: string; params: string[]; id: number };
      return { id: String(id), subscribes: method === 'SUBSCRIBE', topics: params };
    },
    // 200 names in one frame were acknowledged in a public recording; frames we send stay below 16 KiB.
    request: { topics: 200, chars: 16_384 },
    acksOf: ({ id }) => [JSON.stringify({ result: null, id: Number(id) })],
    refusalsOf: ({ id }) => [JSON.stringify({ error: { code: 4, msg: 'Too many' }, id: Number(id) })],
    goingAway: '{"e":"serverShutdown","E":1}',
    candlesRequests: requestsOf(market),
    bodyOf: (candles) => candles.map(rowOf),
    withUnusable: (body, openTime) => [...(body as unknown[][]), [openTime, 'x', '1', '1', '1', '1', openTime + MINUTE - 1, '1', 1, '1', '1', '0']], // prettier-ignore
    saysFinal: false,
    failures: [
      [400, { code: -1121, msg: 'Invalid symbol.' }, 'refused'],
      [400, { code: -1003, msg: 'Too many requests' }, 'rate limited'],
      [400, { code: -1001, msg: 'Internal error' }, 'server'],
      [302, undefined, 'malformed'],
    ],
    spellings: market.spellings,
    serve: () => serve(venue, market),
  };
}

function requestsOf({ symbol, path, weight }: Market): Samples['candlesRequests'] {
  const sent = { path, cost: { weight } };
  const span = { from: MINUTE, before: 3 * MINUTE };
  const query = { symbol, interval: '1m', limit: 500 };
  return [
    [{ symbol, interval: '1m', limit: 500, ...span }, { ...sent, query: { ...query, startTime: MINUTE, endTime: 3 * MINUTE - 1 } }],
    [{ symbol, interval: '1m', limit: 500, from: MINUTE }, { ...sent, query: { ...query, startTime: MINUTE } }],
    [{ symbol, interval: '1m', limit: 500, before: MINUTE }, { ...sent, query: { ...query, endTime: MINUTE - 1 } }],
  ]; // prettier-ignore
}

function messageOf(told: PlainCandle | undefined, eventTime: number): unknown {
  if (told === undefined) throw new Error('a frame of Binance tells one candle');
  const { candle, finality } = told;
  const { symbol: s, interval: i, timestamp: t, closeTime: T } = candle;
  const k = {
    t, T, s, i, f: 1, L: 2, o: padded(candle.open), c: padded(candle.close), h: padded(candle.high), l: padded(candle.low),
    v: padded(candle.volume), n: candle.trades, x: finality === 'final', q: padded(candle.quoteVolume),
    V: padded(candle.takerBuyVolume), Q: padded(candle.takerBuyQuoteVolume), B: '0',
  }; // prettier-ignore
  return { stream: `${s.toLowerCase()}@kline_${i}`, data: { e: 'kline', E: eventTime, s, k } };
}

function withMore(message: unknown, more: unknown): unknown {
  const { stream, data } = message as { stream: string; data: { k: Fields } & Fields };
  return {
    new: more,
    stream,
    data: { new: more, ...data, k: { new: more, ...data.k, newer: more }, newer: more },
    newer: more,
  };
}

function rowOf(candle: Candle): unknown {
  const { timestamp, closeTime, trades } = candle;
  const [o, h, l, c, v, q, V, Q] = [
    candle.open, candle.high, candle.low, candle.close, candle.volume, candle.quoteVolume, candle.takerBuyVolume,
    candle.takerBuyQuoteVolume,
  ].map(padded); // prettier-ignore
  return [timestamp, o, h, l, c, v, closeTime, q, trades, V, Q, '0'];
}

function recordedOf(venue: VenueId): readonly string[] {
  if (!HAS_RECORDINGS) return [];
  return recordings().flatMap((recording) => (recording.venue === venue ? recording.frames : []));
}

function plainOf(frame: string, venue: VenueId): readonly PlainCandle[] {
  const message = JSON.parse(frame) as { data?: Fields } & Fields;
  const said = message.data ?? message;
  if (said['e'] !== 'kline') return [];
  const k = said['k'] as Fields;
  const candle = makeCandle({
    venue, symbol: String(k['s']), interval: k['i'] as Interval, timestamp: Number(k['t']), closeTime: Number(k['T']),
    open: Number(k['o']), high: Number(k['h']), low: Number(k['l']), close: Number(k['c']), volume: Number(k['v']),
    quoteVolume: Number(k['q']), trades: Number(k['n']), takerBuyVolume: Number(k['V']),
    takerBuyQuoteVolume: Number(k['Q']), source: 'stream',
  }); // prettier-ignore
  return [{ candle, finality: k['x'] === true ? 'final' : 'running' }];
}

/** The fake exchange, a few seconds before a boundary. */
async function serve(venue: VenueId, { symbol, interval }: Market): Promise<VenueServer> {
  const startAt = Math.ceil(Date.now() / MINUTE) * MINUTE - 4000;
  const exchange = await startFakeExchange({ startAt });
  return {
    endpoints: exchange.endpoints(venue),
    symbol,
    interval,
    now: () => exchange.now(),
    drop: () => void exchange.faults.stream.drop(),
    candleAt: (openTime) => exchange.candleAt({ venue, symbol, interval }, openTime),
    [Symbol.asyncDispose]: () => exchange.close(),
  };
}
