import type { PlainCandle, Samples, VenueServer } from '../samples.ts';
import type { Candle } from '../../../src/core/candle.ts';
import { toyCandle, type ToyRow } from './row.ts';
import { ToyServer } from './server.ts';
import { toy } from './toy.ts';

const MINUTE = 60_000;

export const toySamples: Samples = {
  connector: toy,
  untold: { quoteVolume: null, trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null },
  symbol: 'BTC-USD',
  candlesPerFrame: 2,
  messageOf: (told) => {
    const { symbol, interval } = told[0]?.candle ?? {};
    return ['c', symbol, interval, told.map(rowOf)];
  },
  withMore: (message, more) => {
    const [kind, symbol, interval, rows] = message as [string, string, string, unknown[][]];
    return [kind, symbol, interval, rows.map((row) => [...row, more]), more];
  },
  tellsEventTime: false,
  recorded: () => [FRAME],
  plain: (frame) => {
    const [, symbol, , rows] = JSON.parse(frame) as [string, string, string, ToyRow[]];
    return rows.flatMap((row) => {
      const read = toyCandle(row, { symbol, interval: '1s', source: 'stream' });
      return typeof read === 'string' ? [] : [{ candle: read.candle, finality: read.final ? 'final' : 'running' }];
    });
  },
  topicsIn: (text) => {
    const [verb, id, topics] = JSON.parse(text) as [string, string, string[]];
    return { id, subscribes: verb === 'sub', topics };
  },
  request: { topics: Infinity, chars: 400 },
  acksOf: ({ id, topics }) => topics.map((topic) => JSON.stringify(['ok', id, topic])),
  refusalsOf: ({ id, topics }) => topics.map((topic) => JSON.stringify(['no', id, topic, 'not streamed'])),
  goingAway: '["bye"]',
  candlesRequests: [
    [
      { symbol: 'BTC-USD', interval: '1m', limit: 9, from: MINUTE, before: 3 * MINUTE },
      {
        path: '/v1/candles',
        cost: { calls: 1 },
        query: { market: 'BTC-USD', interval: '1m', limit: 9, after: MINUTE - 1, before: 3 * MINUTE },
      },
    ],
  ],
  bodyOf: (candles) => ({
    ok: true,
    data: candles
      .map((candle, index) => rowOf({ candle, finality: index < candles.length - 1 ? 'final' : 'running' }))
      .toReversed(),
  }),
  withUnusable: (body, openTime) => {
    const { data } = body as { data: unknown[] };
    return { ok: true, data: [[openTime, 'x', '1', '1', '1', '1', 1], ...data] };
  },
  saysFinal: true,
  failures: [
    [200, { ok: false, code: 'limit', waitMs: 1500 }, 'rate limited'],
    [200, { ok: false, code: 'market' }, 'refused'],
  ],
  spellings: [
    ['btc-usd', 'BTC-USD'],
    ['btc/usd', 'BTC-USD'],
    ['BTC/USD:USD', undefined],
  ],
  serve,
};

/** Written by hand, as there is no such venue. */
const FRAME =
  '["c","BTC-USD","1s",[[1700000000000,"1","2","0.5","1.5","10",1],[1700000001000,"1.5","1.5","1.5","1.5","0",0]]]';

function rowOf({ candle, finality }: Pick<PlainCandle, 'candle' | 'finality'>): unknown {
  const { timestamp, open, high, low, close, volume }: Candle = candle;
  return [timestamp, ...[open, high, low, close, volume].map(String), Number(finality === 'final')];
}

async function serve(): Promise<VenueServer> {
  const server = await ToyServer.start();
  const [symbol, interval] = ['BTC-USD', '1s'] as const;
  return {
    endpoints: server.endpoints,
    symbol,
    interval,
    now: () => server.now(),
    drop: () => {
      server.drop();
    },
    candleAt: (openTime) => server.candleAt(symbol, interval, openTime),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
