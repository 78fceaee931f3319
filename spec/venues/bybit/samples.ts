import { makeCandle, type Candle } from '../../../src/core/candle.ts';
import type { Interval } from '../../../src/core/interval.ts';
import { codeOf, intervalOf } from '../../../src/venues/bybit/interval-code.ts';
import type { BybitVenue } from '../../../src/venues/bybit/symbol-name.ts';
import { startFakeExchange } from '../../../src/testing/index.ts';
import { VENUES } from '../../../src/venues/registry.ts';
import { HAS_RECORDINGS } from '../../support/recordings.ts';
import type { PlainCandle, Samples, VenueServer } from '../samples.ts';
import { framesOf } from './recordings.ts';

type Fields = Readonly<Record<string, unknown>>;

const MINUTE = 60_000;

/** Neither the number of trades nor who took is told. */
const UNTOLD = { trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null };

const SPELLINGS: Readonly<Record<BybitVenue, Samples['spellings']>> = {
  'bybit-spot': [
    ['btcusdt', 'BTCUSDT'],
    ['BTC/USDT', 'BTCUSDT'],
    ['BTC/USDT:USDT', undefined],
  ],
  'bybit-linear': [
    ['BTC/USDT:USDT', 'BTCUSDT'],
    ['btc/usdc:usdc', 'BTCPERP'],
    ['BTC/USDT:USDT-261225', 'BTCUSDT-25DEC26'],
    ['BTC/USDC:USDC-270305', 'BTC-5MAR27'],
    ['BTC/USD:BTC', undefined],
    ['BTC/USDT', undefined],
  ],
  'bybit-inverse': [
    ['BTC/USD:BTC', 'BTCUSD'],
    ['BTC/USD:BTC-261225', 'BTCUSDZ26'],
    ['BTC/USD:BTC-261030', undefined],
    ['BTC/USDT:USDT', undefined],
  ],
};

/** Frames as they were recorded; those of `inverse` as `linear` writes them, which nobody recorded. */
export function bybitSamples(venue: BybitVenue): Samples {
  const symbol = venue === 'bybit-inverse' ? 'BTCUSD' : 'BTCUSDT';
  const category = venue.slice('bybit-'.length);
  return {
    connector: VENUES[venue],
    untold: UNTOLD,
    symbol,
    candlesPerFrame: 2,
    messageOf: (told, eventTime) => messageOf(told, eventTime, venue),
    withMore,
    tellsEventTime: true,
    recorded: () => (HAS_RECORDINGS ? framesOf(venue) : []),
    plain: (frame) => plainOf(frame, venue),
    topicsIn: (text) => {
      const { req_id: id, op, args } = JSON.parse(text) as { req_id: string; op: string; args: string[] };
      return { id, subscribes: op === 'subscribe', topics: args };
    },
    // Ten on spot, as many as there are on futures: ours asks for one, because one that is refused takes the others along.
    request: { topics: 1, chars: 21_000 },
    acksOf: ({ id }) => [JSON.stringify(replyOf(id, venue))],
    refusalsOf: ({ id, topics: [topic = ''] }) => [JSON.stringify({ ...replyOf(id, venue), success: false, ret_msg: refusalOf(topic, venue) })],
    goingAway: null,
    candlesRequests: requestsOf(symbol, category),
    bodyOf: (candles) => ({ retCode: 0, retMsg: 'OK', result: { symbol, category, list: candles.map(rowOf).toReversed() }, retExtInfo: {}, time: 1 }),
    withUnusable: (body, openTime) => {
      const { result, ...rest } = body as { result: { list: unknown[] } };
      return { ...rest, result: { ...result, list: [[String(openTime), 'x', '1', '1', '1', '1', '1'], ...result.list] } };
    },
    saysFinal: false,
    failures: [
      [200, { retCode: 10006, retMsg: 'Too many visits!' }, 'rate limited'],
      [200, { retCode: 10016, retMsg: 'Server error' }, 'server'],
      [200, { retCode: 10000, retMsg: 'Server Timeout' }, 'server'],
      [200, { retCode: 10009, retMsg: 'Service Restricted' }, 'geo-blocked'],
      [200, { retCode: 10001, retMsg: 'params error: Symbol Invalid', result: {} }, 'refused'],
      [302, undefined, 'malformed'],
    ],
    spellings: SPELLINGS[venue],
    serve: () => serve(venue, symbol),
  }; // prettier-ignore
}

function requestsOf(symbol: string, category: string): Samples['candlesRequests'] {
  const sent = { path: '/v5/market/kline', cost: { requests: 1 } };
  const query = { category, symbol, interval: '60' };
  const wanted = { symbol, interval: '1h', limit: 500 } as const;
  return [
    [{ ...wanted, from: MINUTE, before: 3 * MINUTE }, { ...sent, query: { ...query, start: MINUTE, end: 3 * MINUTE - 1, limit: 500 } }],
    [{ ...wanted, from: MINUTE }, { ...sent, query: { ...query, start: MINUTE, limit: 500 } }],
    [{ ...wanted, before: MINUTE }, { ...sent, query: { ...query, end: MINUTE - 1, limit: 500 } }],
  ]; // prettier-ignore
}

function messageOf(told: readonly PlainCandle[], ts: number, venue: BybitVenue): unknown {
  const { symbol = '', interval = '1m' } = told[0]?.candle ?? {};
  const code = codeOf(interval);
  const topic = `kline.${code}.${symbol}`;
  const data = told.map(({ candle, finality }) => ({
    start: candle.timestamp, end: candle.closeTime, interval: code, open: String(candle.open), close: String(candle.close),
    high: String(candle.high), low: String(candle.low), volume: String(candle.volume), turnover: String(candle.quoteVolume),
    confirm: finality === 'final', timestamp: ts - 7,
  })); // prettier-ignore
  return venue === 'bybit-spot' ? { type: 'snapshot', topic, data, ts } : { topic, data, ts, type: 'snapshot' };
}

function withMore(message: unknown, more: unknown): unknown {
  const { data, ...rest } = message as { data: Fields[] } & Fields;
  return { ...rest, data: data.map((one) => ({ new: more, ...one, newer: more })), newest: more };
}

function replyOf(id: string, venue: BybitVenue): Fields {
  const words = venue === 'bybit-spot' ? 'subscribe' : '';
  return { success: true, ret_msg: words, conn_id: 'd8bu1olkndm7crnfs1e0-j6akw', req_id: id, op: 'subscribe' };
}

function refusalOf(topic: string, venue: BybitVenue): string {
  return venue === 'bybit-spot' ? `Invalid symbol :[${topic}]` : `error:handler not found,topic:${topic}`;
}

function rowOf({ timestamp, open, high, low, close, volume, quoteVolume }: Candle): readonly string[] {
  return [timestamp, open, high, low, close, volume, quoteVolume].map(String);
}

function plainOf(frame: string, venue: BybitVenue): readonly PlainCandle[] {
  const { topic = '', data = [] } = JSON.parse(frame) as { topic?: string; data?: Fields[] };
  const [kind, code, symbol = ''] = topic.split('.');
  if (kind !== 'kline') return [];
  const interval: Interval = intervalOf(code) ?? '1m';
  return data.map((k) => {
    const candle = makeCandle({
      venue, symbol, interval, timestamp: Number(k['start']), closeTime: Number(k['end']), open: Number(k['open']),
      high: Number(k['high']), low: Number(k['low']), close: Number(k['close']), volume: Number(k['volume']),
      quoteVolume: Number(k['turnover']), trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null, source: 'stream',
    }); // prettier-ignore
    return { candle, finality: k['confirm'] === true ? 'final' : 'running' };
  });
}

/** The fake exchange, shortly before a minute. */
async function serve(venue: BybitVenue, symbol: string): Promise<VenueServer> {
  const interval = '1m';
  const exchange = await startFakeExchange({
    venues: [venue],
    startAt: Math.ceil(Date.now() / MINUTE) * MINUTE - 4000,
  });
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
