import { describe, expect, it } from 'vitest';
import { choosePlace, type Place } from '../../src/core/sharding.ts';

const LIMITS = { topicsPerConnection: 200, topicCharsPerConnection: 5000 };
const place = (topics: number, changes: Partial<Place> = {}): Place => ({
  topics,
  chars: 10 * topics,
  isWaiting: false,
  fits: true,
  ...changes,
});

describe('choosePlace', () => {
  it.each<[string, readonly Place[], number]>([
    ['none when there are none', [], -1],
    ['none when all are full', [place(200), place(200)], -1],
    ['the fullest that has room', [place(10), place(199), place(200), place(50)], 1],
    ['the earlier of two equals', [place(7), place(7)], 0],
    ['an empty one when nothing else has room', [place(200), place(0)], 1],
    ['none of another kind', [place(7, { fits: false }), place(3)], 1],
    ['none whose names are too long already', [place(150, { chars: 4995 }), place(3)], 1],
    ['one that waits only where no other has room', [place(7, { isWaiting: true }), place(3)], 1],
    ['one that waits before a new one', [place(200), place(7, { isWaiting: true })], 1],
  ])('%s', (_title, places, chosen) => {
    expect(choosePlace(places, 10, LIMITS)).toBe(chosen);
  });
});
