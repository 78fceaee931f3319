import { existsSync, readFileSync } from 'node:fs';
import { makeCandle, type Candle } from '../../../src/core/candle.ts';
import { closeTimeOf, type Interval } from '../../../src/core/interval.ts';
import { startFakeExchange } from '../../../src/testing/index.ts';
import { okx } from '../../../src/venues/okx/okx.ts';
import type { PlainCandle, Samples, VenueServer } from '../samples.ts';

const MINUTE = 60_000;
/** Words for every length, written out once more. */
const BARS: readonly (readonly [Interval, string])[] = [
  ['1s', '1s'], ['1m', '1m'], ['3m', '3m'], ['5m', '5m'], ['15m', '15m'], ['30m', '30m'], ['1h', '1H'], ['2h', '2H'],
  ['4h', '4H'], ['6h', '6Hutc'], ['12h', '12Hutc'], ['1d', '1Dutc'], ['3d', '3Dutc'], ['1w', '1Wutc'], ['1M', '1Mutc'],
]; // prettier-ignore
const ROOT = new URL('../../../../shared/data/okx/', import.meta.url);
const FINALITY = { '0': 'running', '1': 'final' } as const;

interface Arg {
  readonly channel: string;
  readonly instId: string;
}

/** A perpetual: of the three volumes of a row, the contracts are not used. */
export const okxSamples: Samples = {
  connector: okx,
  untold: { trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null },
  symbol: 'BTC-USDT-SWAP',
  candlesPerFrame: 2,
  messageOf: (told) => ({ arg: argOf(told[0]?.candle), data: told.map(rowOf) }),
  withMore: (message, more) => {
    const { arg, data } = message as { arg: Arg; data: unknown[][] };
    return { new: more, arg: { new: more, ...arg, newer: more }, data: data.map((row) => [...row, more]), newer: more };
  },
  tellsEventTime: false,
  recorded: () => recordedOkx().frames,
  plain: plainOf,
  topicsIn: (text) => {
    const { id, op, args } = JSON.parse(text) as { id: string; op: string; args: Arg[] };
    return { id, subscribes: op === 'subscribe', topics: args.map(topicOf) };
  },
  request: { topics: Infinity, chars: 65_536 },
  acksOf: ({ id, text }) =>
    argsIn(text).map((arg) => JSON.stringify({ id, event: 'subscribe', arg, connId: 'a4d3ae55' })),
  refusalsOf: ({ id, text }) =>
    argsIn(text).map(({ channel, instId }) => {
      const msg = `Wrong URL or channel:${channel},instId:${instId} doesn't exist. Please use the correct URL, channel and parameters referring to API document.`;
      return JSON.stringify({ id, event: 'error', code: '60018', msg, connId: 'a4d3ae55' });
    }),
  goingAway:
    '{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade. Please reconnect.","connId":"a4d3ae55"}',
  candlesRequests: [
    [
      { symbol: 'BTC-USDT', interval: '1m', limit: 9, from: MINUTE, before: 3 * MINUTE },
      {
        path: '/api/v5/market/history-candles',
        cost: { '/api/v5/market/history-candles': 1 },
        query: { instId: 'BTC-USDT', bar: '1m', limit: 9, after: 3 * MINUTE, before: MINUTE - 1 },
      },
    ],
  ],
  bodyOf: (candles) => ({
    code: '0',
    msg: '',
    data: candles
      .map((candle, index) => rowOf({ candle, finality: index < candles.length - 1 ? 'final' : 'running' }))
      .toReversed(),
  }),
  withUnusable: (body, openTime) => {
    const { data } = body as { data: unknown[] };
    return { code: '0', msg: '', data: [[String(openTime), 'x', '1', '1', '1', '1', '1', '1', '1'], ...data] };
  },
  saysFinal: true,
  failures: [
    [200, { code: '50011', msg: 'Too Many Requests', data: [] }, 'rate limited'],
    [429, { code: '50011', msg: 'Too Many Requests', data: [] }, 'rate limited'],
    [200, { code: '50013', msg: 'Systems are busy. Please try again later.', data: [] }, 'server'],
    [200, { code: '51001', msg: "Instrument ID doesn't exist.", data: [] }, 'refused'],
  ],
  spellings: [
    ['btc-usdt', 'BTC-USDT'],
    ['BTC/USDT', 'BTC-USDT'],
    ['btc/usdt:usdt', 'BTC-USDT-SWAP'],
    ['BTC/USD:BTC', 'BTC-USD-SWAP'],
    ['BTC/USD:BTC-261225', 'BTC-USD-261225'],
    ['BTC/USDT:USDT-261225', 'BTC-USDT-261225'],
    ['BTC/USDT:ETH', undefined],
    ['BTC/USD:BTC-261225-100000-C', undefined],
  ],
  serve,
};

/** What OKX has sent: frames of the stream, and bodies of REST with the series that was asked for. */
export function recordedOkx(): {
  readonly frames: readonly string[];
  readonly bodies: readonly (readonly [symbol: string, interval: Interval, body: string])[];
} {
  if (!existsSync(ROOT)) return { frames: [], bodies: [] };
  const read = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8').trim();
  return {
    frames: [
      'candle1m-swap-forming-2023-11-25.json',
      'candle1m-old-2022-06-02-a.jsonl',
      'index-candle1m-2025-10-30.json',
    ].flatMap((file) => read(file).split('\n')),
    bodies: [
      ['BTC-USDT-SWAP', '1m', read('rest-candles-swap-1m-2025-05-12.json')],
      ['TRB-USDT-SWAP', '15m', read('rest-candles-swap-15m-2023-11-29.json')],
    ],
  };
}

/** A row read by its columns alone; `source` as asked. */
export function plainRow(
  row: readonly string[],
  symbol: string,
  interval: Interval,
  source: Candle['source'],
): PlainCandle {
  const [timestamp = NaN, open = NaN, high = NaN, low = NaN, close = NaN, vol = NaN, volCcy = NaN] = row.map(Number);
  const [quote, confirm] = [row[7], row[8]];
  const isSpot = symbol.split('-').length === 2;
  const candle = makeCandle({
    venue: 'okx', symbol, interval, timestamp, closeTime: closeTimeOf(timestamp, interval), open, high, low, close,
    volume: isSpot ? vol : volCcy, quoteVolume: quote === undefined ? (isSpot ? volCcy : null) : Number(quote),
    trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null, source,
  }); // prettier-ignore
  return { candle, finality: confirm === '0' || confirm === '1' ? FINALITY[confirm] : 'unknown' };
}

function plainOf(frame: string): readonly PlainCandle[] {
  const { arg, data } = JSON.parse(frame) as { arg: Arg; data: string[][] };
  const [interval] = BARS.find(([, bar]) => arg.channel === `candle${bar}`) ?? [];
  return interval === undefined ? [] : data.map((row) => plainRow(row, arg.instId, interval, 'stream'));
}

function rowOf({ candle, finality }: PlainCandle): readonly string[] {
  const { timestamp, open, high, low, close, volume, quoteVolume } = candle;
  const prices = [open, high, low, close].map(written);
  const contracts = written(volume * 100);
  return [String(timestamp), ...prices, contracts, written(volume), written(quoteVolume ?? 0), finality === 'final' ? '1' : '0']; // prettier-ignore
}

/** As OKX writes numbers: no exponent. */
function written(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value.toFixed(10).replace(/\.?0+$/, '');
}

function argOf(series: Candle | undefined): Arg {
  const [, bar = ''] = BARS.find(([interval]) => interval === series?.interval) ?? [];
  return { channel: `candle${bar}`, instId: series?.symbol ?? '' };
}

function argsIn(text: string): readonly Arg[] {
  return (JSON.parse(text) as { args: Arg[] }).args;
}

function topicOf({ channel, instId }: Arg): string {
  return `${channel}:${instId}`;
}

/** The fake exchange in OKX's dialect. */
async function serve(): Promise<VenueServer> {
  const exchange = await startFakeExchange({ venues: ['okx'] });
  const [symbol, interval] = ['BTC-USDT-SWAP', '1s'] as const;
  return {
    endpoints: exchange.endpoints(),
    symbol,
    interval,
    now: () => exchange.now(),
    drop: () => void exchange.faults.stream.drop(),
    candleAt: (openTime) => exchange.candleAt({ symbol, interval }, openTime),
    [Symbol.asyncDispose]: () => exchange.close(),
  };
}
