import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Candle } from '../../src/core/candle.ts';
import { closeTimeOf, type Interval } from '../../src/core/interval.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Without the recordings these specs are skipped, saying so. */
export const areAbsent = !existsSync(DATA);

if (areAbsent) console.warn('recordings are not at hand (../shared/data): the specs on them are skipped');

/** One file: the exchange's rows of one series, oldest first, as candles and as they were written. */
export interface Recording {
  readonly interval: Interval;
  readonly candles: readonly Candle[];
  readonly texts: readonly (readonly string[])[];
}

/** All files of the market that was fetched in 15 intervals at one moment; its last rows were still forming. */
export const ETHBTC = 'ethbtc-2020-all-intervals/ETHBTC-';

/** Each market of `slices`, by the start of its file names; the end says the interval. */
export const SLICES: Readonly<Record<string, readonly string[]>> = {
  'slices/spot-BTCUSDT-2022-07-15-': ['1m', '5m.12col'],
  'slices/spot-listing-BAKEUSDT-2021-04-30-': ['1m', '5m'],
  'slices/spot-outage-BTCUSDT-2023-03-24-': ['1m', '5m'],
  'slices/spot-revised-BTCUSDT-2021-04-23-': ['1m.as-of-2021-05', '1m.as-of-2025', '5m.as-of-2021-05'],
  'slices/spot-thin-SUSHIBTC-2023-04-05-': ['1m', '5m', '15m', '1h'],
  'slices/usdm-BTCUSDT-2025-03-20-': ['3m', '5m', '15m', '30m', '1h', '1d'],
  'slices/usdm-ETHUSDT-2025-05-10-': ['1m', '30m'],
  'slices/usdm-halt-AVAXUSDT-2023-09-12-': ['1m.12col'],
  'slices/usdm-halt-NEARUSDT-2023-09-12-': ['1m.12col'],
};

/** How the file names of a market end. */
export function endingsOf(market: string): readonly string[] {
  return (
    SLICES[market] ?? ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1mo']
  );
}

/** Every file, as market and ending. */
export const ALL_FILES = [ETHBTC, ...Object.keys(SLICES)].flatMap((market) =>
  endingsOf(market).map((ending) => [market, ending] as const),
);

const CACHE = new Map<string, Recording>();

export function read(market: string, ending: string): Recording {
  const path = `${market}${ending}.csv`;
  const known = CACHE.get(path) ?? parse(path, ending);
  CACHE.set(path, known);
  return known;
}

function parse(path: string, ending: string): Recording {
  const [, ...lines] = readFileSync(`${DATA}${path}`, 'utf8').trim().split('\n');
  const interval = ending.split('.')[0]?.replace('1mo', '1M') as Interval;
  const texts = lines.map((line) => line.split(','));
  return { interval, texts, candles: texts.map((text) => toCandle(text, interval, path)) };
}

function toCandle(text: readonly string[], interval: Interval, path: string): Candle {
  const [timestamp = NaN, open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] = text.map(Number);
  const [closeTime, quoteVolume, trades, takerBuyVolume, takerBuyQuoteVolume] = text.slice(6).map(Number);
  return {
    venue: path.includes('usdm') ? 'binance-usdm' : 'binance-spot',
    symbol: /[A-Z]{6,}/.exec(path)?.[0] ?? '',
    interval,
    timestamp,
    closeTime: closeTime ?? closeTimeOf(timestamp, interval),
    open,
    high,
    low,
    close,
    volume,
    quoteVolume: quoteVolume ?? null,
    trades: trades ?? null,
    takerBuyVolume: takerBuyVolume ?? null,
    takerBuyQuoteVolume: takerBuyQuoteVolume ?? null,
    source: 'history',
  };
}
