import { expect, it } from 'vitest';
import { EVIDENCE } from '../../src/core/missing-rules.ts';
import { progressOf } from '../../src/core/series-progress.ts';
import { startSeries, type SeriesState } from '../../src/core/series-state.ts';

const MINUTE = 60_000;
const AT = 10 * MINUTE;
const RULES = { interval: '1m', graceMs: 2000, settleMs: 1000, evidence: EVIDENCE, warmUp: false } as const;
const QUIET = { ...RULES, evidence: { ...EVIDENCE, emptyIntervals: 'absent' as const } };
const state = (changes: Partial<SeriesState> = {}): SeriesState => ({ ...startSeries(RULES, AT), liveSince: 0, ...changes }); // prettier-ignore
const OVER = AT + MINUTE + 4999;

it.each<[string, SeriesState, number, unknown]>([
  ['the next candle runs', state(), AT + 59_999, ['live', 0, null]],
  ['the next candle is over', state(), OVER, ['live', 5000, 'closes did not come']],
  ['no connection carries it', state({ liveSince: Infinity }), AT, ['over rest', 0, null]],
  ['the stream has sent none of the last three', state({ missedCloses: 3 }), AT, ['silent', 0, null]],
  ['reads fail', state({ lastError: 'REST: timeout' }), OVER, ['live', 5000, 'REST: timeout']],
  ['answers do not show it', state({ emptyReads: 1 }), OVER, ['live', 5000, 'REST does not show it yet']],
  ['answers do not show it, where that is no news', state({ rules: QUIET, emptyReads: 1 }), OVER, ['live', 0, null]],
  ['reads fail, where silence is no news', state({ rules: QUIET, emptyReads: 1, lastError: 'why' }), OVER, ['live', 5000, 'why']],
])('%s', (_, series, now, expected) => {
  const { phase, lateMs, reason } = progressOf(series, now);
  expect([phase, lateMs, reason]).toEqual(expected);
}); // prettier-ignore
