import { afterAll, describe, expect, it } from 'vitest';
import { closeTimeOf, nextOpenTime, openTimeAt } from '../../src/core/interval.ts';
import { ALL_FILES, areAbsent, read } from './recordings.ts';

const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);

/** What the exchange itself does not have: after the first open time comes the second. */
const HOLES: Readonly<Record<string, string>> = {
  '2h 2020-04-25T00:00': '2020-04-25T04:00',
  '1m 2023-03-24T12:39': '2023-03-24T14:00',
  '5m 2023-03-24T12:35': '2023-03-24T14:00',
};

describe.skipIf(areAbsent)('interval arithmetic and the recorded open times', () => {
  const counts = new Map<string, number>();

  afterAll(() => {
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const table = [...counts].map(([interval, count]) => `${interval} ${count}`).join(' · ');
    console.log(`open times checked: ${all} (${table})`);
  });

  it.each(ALL_FILES)('agree on %s%s', (market, ending) => {
    const { candles, interval } = read(market, ending);
    const anchor = candles[0]?.timestamp;
    for (const [index, { timestamp, closeTime }] of candles.entries()) {
      expect(openTimeAt(timestamp, interval, anchor)).toBe(timestamp);
      expect(openTimeAt(closeTime, interval, anchor)).toBe(timestamp);
      expect(closeTimeOf(timestamp, interval)).toBe(closeTime);
      const follower = HOLES[`${interval} ${iso(timestamp)}`] ?? iso(nextOpenTime(timestamp, interval));
      expect(iso(candles[index + 1]?.timestamp ?? nextOpenTime(timestamp, interval))).toBe(follower);
    }
    counts.set(interval, (counts.get(interval) ?? 0) + candles.length);
  });
});
