import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VENUES } from '../../src/venues/registry.ts';
import { HAS_RECORDINGS, deriveSpellings } from '../bench/spelling/derive.mjs';

type Spelled = 'binance-usdm' | 'binance-coinm' | 'binance-spot' | 'okx' | 'bybit-linear' | 'bybit-spot';
interface Spelling {
  readonly running: string;
  readonly closed: string;
}

const SPELLINGS = JSON.parse(
  readFileSync(new URL('../bench/spelling/spellings.json', import.meta.url), 'utf8'),
) as Readonly<Record<Spelled, Spelling>>;

const NOON = Date.UTC(2026, 10, 22, 12);
const VALUES: Readonly<Record<string, string | number>> = {
  topic: 'kline.1.BTCUSDT', channel: 'candle1m', symbol: 'BTCUSDT', now: NOON + 30_000, open: NOON, close: NOON + 59_999,
  'next open': NOON + 60_000, 'next close': NOON + 119_999, written: '0'.repeat(16),
}; // prettier-ignore

/** A frame as the benchmarks send it. */
function frameOf(venue: Spelled, kind: keyof Spelling): Buffer {
  const interval = venue.startsWith('bybit') ? '1' : '1m';
  const values: typeof VALUES = { ...VALUES, interval, ...(venue === 'okx' && { symbol: 'BTC-USDT-SWAP' }) };
  const text = SPELLINGS[venue][kind].replaceAll('#', '5');
  return Buffer.from(text.replace(/\{(\w+(?: \w+)?)\}/g, (_, name: string) => String(values[name])));
}

describe('the frames that the benchmarks are measured with', () => {
  it.skipIf(!HAS_RECORDINGS)('are spelt as the recordings are', () => {
    expect(SPELLINGS).toEqual(deriveSpellings());
  });

  it.each(Object.keys(SPELLINGS) as Spelled[])('take the fast path of %s, and closes do not', (venue) => {
    const { stream } = VENUES[venue];
    const [running, closed] = [frameOf(venue, 'running'), frameOf(venue, 'closed')];
    expect(stream.isUnfinished(running)).toBe(true);
    expect(stream.decode(running)).toMatchObject([{ kind: 'candle', finality: 'running' }]);
    expect(stream.isUnfinished(closed)).toBe(false);
    expect(stream.decode(closed)[0]).toMatchObject({ kind: 'candle', finality: 'final', candle: { volume: 0 } });
  });
});
