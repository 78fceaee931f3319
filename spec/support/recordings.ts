import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { VenueId } from '../../src/core/candle.ts';

type BinanceVenue = Extract<VenueId, `binance-${string}`>;

/** Recordings of real sessions, which live outside the project; specs that need them are skipped without. */
const ROOT = new URL('../../../shared/data/', import.meta.url);

export const HAS_RECORDINGS = existsSync(ROOT);

if (!HAS_RECORDINGS) console.warn('recordings are not at hand (../shared/data): the specs on them are skipped');

export interface Recording {
  readonly file: string;
  readonly venue: BinanceVenue;
  /** Frames as they were received, in order. */
  readonly frames: readonly string[];
}

/** The market picks its lines out of a file that has several. */
const FILES: readonly (readonly [file: string, venue: BinanceVenue, market?: string])[] = [
  ['frames/usdm-2021-07-22.kline+aggTrade.jsonl', 'binance-usdm'],
  ['frames/coinm-2021-07-22.kline+aggTrade.jsonl', 'binance-coinm'],
  ['frames/spot-2021-08-14.kline+aggTrade.jsonl', 'binance-spot'],
  ['snippets/usdm-btcusdt-1m-close-2024-06-30.combined.jsonl', 'binance-usdm'],
  ['snippets/spot-btcusdt-5m-close-2021-06-21.raw.jsonl', 'binance-spot'],
  ['snippets/spot-btcusdt-5m-forming-2021-09-14.raw.jsonl', 'binance-spot'],
  ['snippets/crypto-msg-parser-klines-2022-05-29.combined.jsonl', 'binance-usdm'],
  ['snippets/misc-single-frames.jsonl', 'binance-spot'],
  ['snippets/usdm-reconnect-transcript-2025-01-26.txt', 'binance-usdm'],
  ['snippets/binance-frames-2023-2026.jsonl', 'binance-usdm', 'usdm'],
  ['snippets/binance-frames-2023-2026.jsonl', 'binance-spot', 'spot'],
];

export function recordings(): readonly Recording[] {
  return FILES.map(([file, venue, market]) => ({ file, venue, frames: framesOf(file, market) }));
}

/** Every line of every file that holds what a Binance market has sent, listed above or not. */
export function everyFrame(): readonly string[] {
  return ['frames', 'snippets'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, ROOT))
      .filter((file) => /\.(?:jsonl|txt)$/.test(file))
      .flatMap((file) => linesOf(`${folder}/${file}`).map(({ raw }) => raw)),
  );
}

/** One frame a line, bare or in an envelope of the recorder's; other lines are the recorder's own words. */
function linesOf(file: string): readonly { readonly raw: string; readonly market?: string }[] {
  const lines = readFileSync(new URL(file, ROOT), 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith('{'))
    .map((line) => ({ raw: line, ...(JSON.parse(line) as { raw?: string; market?: string }) }));
}

function framesOf(file: string, only: string | undefined): readonly string[] {
  return linesOf(file).flatMap(({ raw, market }) => (market === only ? [raw] : []));
}
