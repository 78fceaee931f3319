import { describe, expect, it } from 'vitest';
import { TELL_EVERY_MS } from '../../src/core/events.ts';
import { closeGap, tellGap } from '../../src/core/series-gap.ts';
import type { Gap, SeriesEvent, SeriesOutput, SeriesState } from '../../src/core/series-state.ts';
import { candle } from '../support/candle.ts';
import { FAILED, ms, say, series, WAKE } from '../support/series.ts';

const MINUTE = 60_000;
const at = (time: string) => ({ exchange: ms(time), atLeast: ms(time), local: ms(time) });
const known = (minute: number, final = true) => ({ candle: candle(minute), final, seenAt: 0 });
const gap: Gap = { from: 10 * MINUTE, to: 11 * MINUTE, since: ms('12:00'), announcedAt: ms('12:00') };
const past = series([], { rules: { warmUp: true }, until: 15 });

function told(state: SeriesState, time: string, event: SeriesEvent = WAKE) {
  const outputs: SeriesOutput[] = [];
  const after = tellGap(state, event, { at: at(time), outputs });
  return { outputs: outputs.map(say), gap: after.gap };
}

describe('the bus hears of a gap', () => {
  it.each<[string, SeriesState, string, SeriesEvent, string[]]>([
    ['when a later candle closed', { ...series(), known: [known(13)] }, '14:00', WAKE, ['gap 10–12 opened (a later candle came first)']],
    ['not by a row that is not final', { ...series(), known: [known(11, false)] }, '11:04', WAKE, []],
    ['not by one late close alone, which is rescued without much ado', series(), '12:03.998', WAKE, []],
    ['when a second close is overdue', series(), '12:03.999', WAKE, ['gap 10–11 opened (closes did not come)']],
    ['when a late close cannot be fetched', { ...series(), lastError: 'REST: timeout' }, '11:05', FAILED, ['gap 10–10 opened (REST: timeout)']],
    ['not while the candle runs, though REST fails', series(), '10:59', FAILED, []],
    ['when two reads have brought nothing', { ...series(), emptyReads: 2 }, '11:08', WAKE, ['gap 10–10 opened (REST does not show it yet)']],
    ['not when one read has brought nothing', { ...series(), emptyReads: 1 }, '11:08', WAKE, []],
    ['not while the past is read: that is no hole', past, '40:00', WAKE, []],
    ['when the past cannot be read', { ...past, lastError: 'REST: timeout' }, '40:00', FAILED, ['gap 10–14 opened (REST: timeout)']],
  ])('%s', (_, state, time, event, expected) => {
    expect(told(state, time, event).outputs).toEqual(expected);
  }); // prettier-ignore
});

describe('while a gap lasts', () => {
  it('it is told again after ten seconds, with how long the series has waited', () => {
    const state = { ...series(), gap };
    expect(told(state, '12:09.999').outputs).toEqual([]);
    const again = told(state, '12:10');
    expect(again.outputs).toEqual(['gap 10–11 opened (closes did not come) 10000 ms ago']);
    expect(again.gap).toEqual({ ...gap, announcedAt: ms('12:00') + TELL_EVERY_MS });
  });

  it('it grows in silence, and is told at its new length', () => {
    const grown = told({ ...series(), gap }, '14:05');
    expect(grown.outputs).toEqual(['gap 10–13 opened (closes did not come) 125000 ms ago']);
    const announced = { ...series(), gap: { ...gap, announcedAt: ms('14:00') } };
    expect(told(announced, '14:05')).toEqual({ outputs: [], gap: { ...announced.gap, to: 13 * MINUTE } });
  });
});

describe('a gap is over', () => {
  const after = (state: SeriesState) => {
    const outputs: SeriesOutput[] = [];
    const { gap: left } = closeGap(state, { at: at('12:30'), outputs });
    return { outputs: outputs.map(say), left };
  };

  it.each<[string, number, number, string[]]>([
    ['not while its last candle lacks', 11, Infinity, []],
    ['with its last candle', 12, Infinity, ['gap 10–11 filled after 30000 ms']],
    ['with the series', 11, 11, ['gap 10–11 filled after 30000 ms']],
  ])('%s', (_, next, until, expected) => {
    const { outputs, left } = after({ ...series(), gap, next: next * MINUTE, until: until * MINUTE });
    expect(outputs).toEqual(expected);
    expect(left === undefined).toBe(expected.length > 0);
  });

  it('never where there was none', () => {
    expect(after({ ...series(), next: 12 * MINUTE }).outputs).toEqual([]);
  });
});
