import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candle } from '../../src/core/candle.ts';
import { candle } from './candle.ts';

/** 2026-01-01, the first of `minutes`. */
export const START = Date.UTC(2026, 0, 1);
export const MINUTE = 60_000;
export const BTC = { venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m' } as const;
export const ETH = { ...BTC, symbol: 'ETHUSDT' } as const;

/** The candle of BTCUSDT 1m that opens so many minutes after `START`. */
export function minute(number: number, changes: Partial<Candle> = {}): Candle {
  const timestamp = START + number * MINUTE;
  return candle(0, { timestamp, closeTime: timestamp + MINUTE - 1, open: 100 + (number % 3), ...changes });
}

/** So many successive candles from `START` on. */
export function minutes(count: number, changes: Partial<Candle> = {}): Candle[] {
  return Array.from({ length: count }, (_, number) => minute(number, changes));
}

/** A folder for stores, and names of new files in it. */
export interface StoreFolder {
  readonly path: string;
  newFile(): string;
  remove(): void;
}

export function storeFolder(): StoreFolder {
  const path = mkdtempSync(join(tmpdir(), 'rx-candles-store-'));
  let files = 0;
  return {
    path,
    newFile: () => join(path, `${files++}.db`),
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
