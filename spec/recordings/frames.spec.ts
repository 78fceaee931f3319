import { describe, expect, it } from 'vitest';
import { VENUES } from '../../src/venues/registry.ts';
import { HAS_RECORDINGS, recordings } from '../support/recordings.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a frame says by nothing but `JSON.parse`. */
function klineOf(frame: string): Fields | undefined {
  const message = JSON.parse(frame) as { data?: Fields } & Fields;
  const said = message.data ?? message;
  return said['e'] === 'kline' ? (said['k'] as Fields) : undefined;
}

describe.skipIf(!HAS_RECORDINGS)('recorded sessions of the real exchange', () => {
  it('yield exactly their closes, field by field, and no rejection', () => {
    const table = recordings().map(({ file, venue, frames }) => {
      const { decode, isUnfinished } = VENUES[venue].stream;
      const count = { frames: frames.length, skipped: 0, closes: 0, open: 0, other: 0, rejected: 0 };
      for (const frame of frames) {
        const bytes = Buffer.from(frame);
        const k = klineOf(frame);
        const [decoded] = decode(bytes);
        if (isUnfinished(bytes)) count.skipped++;
        expect(isUnfinished(bytes)).toBe(k?.['x'] === false);
        if (decoded?.kind === 'malformed') count.rejected++;
        else if (decoded?.kind !== 'candle') count.other++;
        else count[decoded.finality === 'final' ? 'closes' : 'open']++;
        if (decoded?.kind === 'candle') expect(decoded).toMatchObject(expectedOf(k ?? {}, venue));
      }
      return { file: file.replace(/^.*\//, ''), ...count };
    });
    console.table(table);
    expect(table.map(({ closes, rejected }) => [closes, rejected])).toEqual([
      [4, 0], [0, 0], [2, 0], [1, 0], [1, 0], [0, 0], [0, 0], [1, 0], [0, 0], [1, 0], [2, 0],
    ]); // prettier-ignore
  });
});

function expectedOf(k: Fields, venue: string): Fields {
  const candle = {
    venue, symbol: k['s'], interval: k['i'], timestamp: k['t'], closeTime: k['T'], open: Number(k['o']),
    high: Number(k['h']), low: Number(k['l']), close: Number(k['c']), volume: Number(k['v']), trades: k['n'],
    quoteVolume: Number(k['q']), takerBuyVolume: Number(k['V']), takerBuyQuoteVolume: Number(k['Q']), source: 'stream',
  }; // prettier-ignore
  return { kind: 'candle', finality: k['x'] === true ? 'final' : 'running', candle };
}
