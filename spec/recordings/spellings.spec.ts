import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NativeVenueId } from '../../src/core/candle.ts';
import { VENUES } from '../../src/venues/registry.ts';
import { HAS_RECORDINGS, deriveSpellings } from '../bench/spelling/derive.mjs';

interface Spelling {
  readonly running: string;
  readonly closed: string;
}

const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`../bench/spelling/${file}`, import.meta.url), 'utf8')) as Readonly<
    Record<string, Spelling>
  >;
const RECORDED = read('spellings.json');
const SPELLINGS: Readonly<Record<string, Spelling>> = { ...RECORDED, ...read('documented.json') };

const NOON = Date.UTC(2026, 10, 22, 12);
const VALUES: Readonly<Record<string, string | number>> = {
  'channel': 'candle1m', 'interval': '1m', 'symbol': 'BTCUSDT', 'now': NOON + 30_000, 'now seconds': NOON / 1000 + 30, 'open': NOON,
  'open seconds': NOON / 1000, 'close': NOON + 59_999, 'next open': NOON + 60_000, 'next close': NOON + 119_999, 'written': '0'.repeat(16),
}; // prettier-ignore
const NAMES: Readonly<Record<NativeVenueId, Record<string, string>>> = {
  'binance-usdm': { topic: 'btcusdt@kline_1m' },
  'binance-coinm': { topic: 'btcusd_perp@kline_1m', symbol: 'BTCUSD_PERP' },
  'binance-spot': { topic: 'btcusdt@kline_1m' },
  'okx': { symbol: 'BTC-USDT-SWAP' },
  'bybit-linear': { topic: 'kline.1.BTCUSDT', interval: '1' },
  'bybit-inverse': { topic: 'kline.1.BTCUSD', interval: '1' },
  'bybit-spot': { topic: 'kline.1.BTCUSDT', interval: '1' },
  'gate-spot': { topic: '1m_BTC_USDT' },
}; // prettier-ignore
const MARKETS = Object.keys(NAMES) as NativeVenueId[];

/** A frame as the benchmarks send it. */
function frameOf(venue: NativeVenueId, kind: keyof Spelling): Buffer {
  const values = { ...VALUES, ...NAMES[venue] };
  const text = SPELLINGS[venue]?.[kind].replaceAll('#', '5') ?? '';
  return Buffer.from(text.replace(/\{(\w+(?: \w+)?)\}/g, (_, name: string) => String(values[name])));
}

describe('the frames that the benchmarks are measured with', () => {
  it.skipIf(!HAS_RECORDINGS)('are spelt as the recordings are', () => {
    expect(RECORDED).toEqual(deriveSpellings());
  });

  it.each(MARKETS)('take the fast path of %s, and closes do not', (venue) => {
    const { stream } = VENUES[venue];
    const [running, closed] = [frameOf(venue, 'running'), frameOf(venue, 'closed')];
    expect(stream.isUnfinished(running)).toBe(true);
    expect(stream.decode(running)).toMatchObject([{ kind: 'candle', finality: 'running' }]);
    expect(stream.isUnfinished(closed)).toBe(false);
    expect(stream.decode(closed)[0]).toMatchObject({ kind: 'candle', finality: 'final', candle: { volume: 0 } });
  });
});
