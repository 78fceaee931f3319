import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { lengthen, withPart, type LiveCandle } from '../../../src/chart/server/lengthen.ts';
import { resample } from '../../../src/operators/resample.ts';
import { candle } from '../../support/candle.ts';

const closed = (minute: number, changes = {}): LiveCandle => ({ ...candle(minute, changes), closed: true });
const running = (minute: number, changes = {}): LiveCandle => ({ ...candle(minute, changes), closed: false });
const all = (parts: readonly LiveCandle[]) => lastValueFrom(from(parts).pipe(lengthen('3m'), toArray()));

describe('lengthen', () => {
  it('has the closed candles of resample', async () => {
    const parts = Array.from({ length: 10 }, (_, minute) => candle(minute));
    const made = await all(parts.map((part) => ({ ...part, closed: true })));
    const whole = await lastValueFrom(from(parts).pipe(resample('3m'), toArray()));
    expect(made.filter((one) => one.closed)).toEqual(whole.map((one) => ({ ...one, closed: true })));
    expect(whole).toHaveLength(3);
  });

  it('shows the running candle with what its closed parts and the running part say', async () => {
    const made = await all([closed(3, { high: 500, volume: 2 }), running(4, { close: 7, low: 6, volume: 3 })]);
    expect(made.at(-1)).toMatchObject({
      timestamp: 180_000, closeTime: 359_999, interval: '3m', closed: false,
      open: candle(3).open, high: 500, low: 6, close: 7, volume: 5,
    }); // prettier-ignore
  });

  it('lets a part without trades say nothing about prices', () => {
    const first = withPart(undefined, closed(0), '3m');
    const flat = { open: 1, high: 1, low: 1, close: 1, volume: 0 };
    expect(withPart(first, running(1, flat), '3m').shown).toMatchObject({ low: candle(0).low, close: candle(0).close });
  });

  it.each([
    ['begins inside it', [closed(1), running(2)]],
    ['lacks a part', [closed(0), running(2)]],
    ['lacked a part before', [closed(0), closed(2), running(2)]],
  ])('does not show a candle that %s', (_, parts) => {
    const making = parts.reduce<ReturnType<typeof withPart> | undefined>(
      (so, part) => withPart(so, part, '3m'),
      undefined,
    );
    expect(making?.shown).toBeUndefined();
  });
});
