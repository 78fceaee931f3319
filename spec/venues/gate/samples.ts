import { makeCandle, type Candle } from '../../../src/core/candle.ts';
import { closeTimeOf, type Interval } from '../../../src/core/interval.ts';
import { startFakeExchange } from '../../../src/testing/index.ts';
import { gateSpot } from '../../../src/venues/gate/spot.ts';
import type { PlainCandle, Samples, VenueServer } from '../samples.ts';

type Fields = Readonly<Record<string, unknown>>;

const MINUTE = 60_000;
/** 2026-10-07T14:22Z. */
const NOON = 1_791_382_920_000;
const UNTOLD = { trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null };

/** Nothing is recorded: all is generated, in the spelling of the documentation (copy of 2026-06-28). */
export const gateSamples: Samples = {
  connector: gateSpot,
  untold: UNTOLD,
  symbol: 'BTC_USDT',
  candlesPerFrame: 1,
  messageOf,
  withMore: (message, more) => {
    const { result, ...rest } = message as { result: Fields };
    return { new: more, ...rest, result: { new: more, ...result, newer: more }, newer: more };
  },
  tellsEventTime: true,
  recorded: () => [],
  plain: plainOf,
  topicsIn: (text) => {
    const { id, event, payload } = JSON.parse(text) as { id: number; event: string; payload: string[] };
    return { id: String(id), subscribes: event === 'subscribe', topics: [payload.join('_')] };
  },
  // The payload of a request is one interval and one pair.
  request: { topics: 1, chars: Infinity },
  acksOf: ({ id }) => [JSON.stringify(replyTo(id, null))],
  refusalsOf: ({ id }) => [JSON.stringify(replyTo(id, { code: 2, message: 'unknown currency pair NONE_USDT' }))],
  goingAway: null,
  candlesRequests: [
    [
      { symbol: 'BTC_USDT', interval: '1m', limit: 9, from: NOON - 3 * MINUTE, before: NOON },
      {
        path: '/api/v4/spot/candlesticks',
        cost: { '/api/v4/spot/candlesticks': 1 },
        query: { currency_pair: 'BTC_USDT', interval: '1m', from: NOON / 1000 - 180, to: NOON / 1000 - 1 },
      },
    ],
  ],
  bodyOf: (candles) => candles.map((candle, index) => rowOf(candle, index < candles.length - 1)),
  withUnusable: (body, openTime) => [
    ...(body as unknown[]),
    [String(openTime / 1000), '1', '1', '1', '1', 'x', '1', 'true'],
  ],
  saysFinal: false,
  failures: [
    [429, { label: 'TOO_MANY_REQUESTS', message: 'Request Rate limit Exceeded' }, 'rate limited'],
    [400, { label: 'INVALID_CURRENCY_PAIR', message: 'Invalid currency pair NONE_USDT' }, 'refused'],
    [302, undefined, 'malformed'],
  ],
  spellings: [
    ['btc_usdt', 'BTC_USDT'],
    ['btc/usdt', 'BTC_USDT'],
    ['BTC/USDT:USDT', undefined],
    ['BTC/USD:BTC-261225', undefined],
  ],
  serve,
};

function messageOf([told]: readonly PlainCandle[], at: number): unknown {
  const { candle, finality } = told ?? {};
  return {
    time: Math.floor(at / 1000),
    time_ms: at,
    channel: 'spot.candlesticks',
    event: 'update',
    result: {
      t: String(Number(candle?.timestamp) / 1000),
      v: String(candle?.quoteVolume),
      c: String(candle?.close),
      h: String(candle?.high),
      l: String(candle?.low),
      o: String(candle?.open),
      n: `${String(candle?.interval)}_${String(candle?.symbol)}`,
      a: String(candle?.volume),
      w: finality === 'final',
    },
  };
}

function plainOf(frame: string): readonly PlainCandle[] {
  const { result = {} } = JSON.parse(frame) as { result?: Record<string, string | boolean> };
  const [interval = '', ...symbol] = String(result['n']).split('_');
  const timestamp = Number(result['t']) * 1000;
  const candle = makeCandle({
    venue: 'gate-spot', symbol: symbol.join('_'), interval: interval as Interval, timestamp,
    closeTime: closeTimeOf(timestamp, interval as Interval), open: Number(result['o']), high: Number(result['h']),
    low: Number(result['l']), close: Number(result['c']), volume: Number(result['a']), quoteVolume: Number(result['v']),
    ...UNTOLD, source: 'stream',
  }); // prettier-ignore
  return [{ candle, finality: result['w'] === true ? 'final' : 'running' }];
}

function rowOf({ timestamp, open, high, low, close, volume, quoteVolume }: Candle, isComplete: boolean): unknown {
  return [timestamp / 1000, quoteVolume, close, high, low, open, volume, isComplete].map(String);
}

function replyTo(id: string, error: Fields | null): Fields {
  const at = { time: 1_611_541_000, time_ms: 1_611_541_000_001 };
  const result = error === null ? { status: 'success' } : null;
  return { ...at, id: Number(id), channel: 'spot.candlesticks', event: 'subscribe', error, result };
}

/** The fake exchange, shortly before a minute. */
async function serve(): Promise<VenueServer> {
  const series = { venue: 'gate-spot', symbol: 'BTC_USDT', interval: '1m' } as const;
  const startAt = Math.ceil(Date.now() / MINUTE) * MINUTE - 4000;
  const exchange = await startFakeExchange({ venues: [series.venue], startAt });
  return {
    endpoints: exchange.endpoints(series.venue),
    ...series,
    now: () => exchange.now(),
    drop: () => void exchange.faults.stream.drop(),
    candleAt: (openTime) => exchange.candleAt(series, openTime),
    [Symbol.asyncDispose]: () => exchange.close(),
  };
}
