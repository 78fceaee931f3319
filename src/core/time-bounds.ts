import type { EpochMs } from './epoch.ts';

/** No exchange had candles before Bitcoin, 2009-01-01, ms UTC. */
export const EARLIEST_TIME: EpochMs = Date.UTC(2009, 0, 1);
/** The last millisecond of the year 2100, ms UTC. */
export const LATEST_TIME: EpochMs = Date.UTC(2101, 0, 1) - 1;

/** Units mistaken for ms, and how to convert them. Their times from 2009 to 2100 do not overlap. */
const OTHER_UNITS = [
  { name: 'seconds', perMs: 0.001, remedy: 'multiply it by 1000' },
  { name: 'µs', perMs: 1000, remedy: 'divide it by 1000' },
  { name: 'ns', perMs: 1e6, remedy: 'divide it by 1000000' },
];

/** Whether a time given by a user is plausible: 0 for the epoch, otherwise between 2009 and 2100. */
export function isTimeWithin(time: number, earliest: EpochMs = EARLIEST_TIME): boolean {
  return time === 0 || (time >= earliest && time <= LATEST_TIME);
}

/** Which unit a time out of bounds looks like, to end a sentence with; empty if none. */
export function likelyUnitOf(time: number): string {
  const unit = OTHER_UNITS.find(({ perMs }) => time !== 0 && isTimeWithin(time / perMs));
  if (unit !== undefined) return `, which looks like ${unit.name}: ${unit.remedy}`;
  const date = dateWrittenAsNumber(time);
  return date === undefined ? '' : `, which looks like the date ${date}`;
}

/** `20261125` is meant as a date, but as ms it is 1970-01-01T05:37:41.125Z. */
function dateWrittenAsNumber(number: number): string | undefined {
  const [, year = '', month = '', day = ''] = /^(20\d\d)(\d\d)(\d\d)$/.exec(String(number)) ?? [];
  const isDate = year !== '' && !Number.isNaN(Date.parse(`${year}-${month}-${day}`));
  return isDate ? `${year}-${month}-${day}` : undefined;
}
