import { describe, expect, it } from 'vitest';
import { Overlap } from '../../../src/feed/connection/overlap.ts';

type Row = readonly [second: number, acknowledged: boolean, oldFrames: number, newFrames: number, verdict: string];

const CASES: Readonly<Record<string, readonly Row[]>> = {
  'takes over a second after the first data that follows the last acknowledgement': [
    [0, false, 5, 3, 'wait'],
    [1, true, 6, 4, 'wait'],
    [2, true, 7, 4, 'wait'],
    [3, true, 8, 5, 'wait'],
    [3.9, true, 8, 5, 'wait'],
    [4, true, 9, 5, 'take over'],
  ],
  'waits while a topic that came meanwhile is not acknowledged': [
    [1, true, 0, 0, 'wait'],
    [2, true, 0, 1, 'wait'],
    [3, false, 0, 2, 'wait'],
    [9, true, 0, 2, 'take over'],
  ],
  'takes over after half a minute in which neither delivers': [
    [0, true, 5, 0, 'wait'],
    [29.9, true, 5, 0, 'wait'],
    [30, true, 5, 0, 'take over'],
  ],
  'gives up after half a minute in which only the old one delivers': [
    [0, true, 5, 0, 'wait'],
    [30, true, 6, 0, 'give up'],
  ],
  'waits for the acknowledgement however long it takes': [
    [0, false, 0, 0, 'wait'],
    [100, false, 9, 9, 'wait'],
  ],
};

describe('overlap', () => {
  it.each(Object.entries(CASES))('%s', (_title, rows) => {
    const overlap = new Overlap();
    for (const [second, acknowledged, oldFrames, newFrames, verdict] of rows)
      expect(overlap.judge({ now: second * 1000, acknowledged, oldFrames, newFrames })).toBe(verdict);
  });
});
