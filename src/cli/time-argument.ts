import { InvalidArgumentError } from 'commander';

/** Date, then perhaps a time behind T or a space, then perhaps a zone. */
const ISO_DATE = /^(\d{4})-(\d\d)(?:-(\d\d))?$/;
const ISO_TIME = /^(\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** Units that are not ms, by the digits that a time of 2009 to 2100 has in them. */
const UNITS = [
  { digits: /^[1-4]\d{9}$/, name: 'seconds', remedy: 'put 000 behind it' },
  { digits: /^[1-4]\d{15}$/, name: 'µs', remedy: 'leave out the last 3 digits' },
  { digits: /^[1-4]\d{18}$/, name: 'ns', remedy: 'leave out the last 6 digits' },
];

const DATE_IN_DIGITS = /^((?:19|20)\d\d)(\d\d|)(\d\d|)$/;

const FIRST = Date.UTC(2009, 0, 1);
const LAST = Date.UTC(2101, 0, 1) - 1;

/**
 * A time on the command line, as ms since epoch: an ISO date, in UTC unless an offset is given, with a T or a space
 * before the time of day; or ms. 0 means everything.
 *
 * @throws InvalidArgumentError with the reason
 */
export function toTime(text: string): number {
  const given = text.trim();
  const time = /^\d+$/.test(given) ? msOf(given) : isoOf(given);
  if (time !== 0 && (time < FIRST || time > LAST)) throw wrong(`${iso(time)} is not a time from 2009 to 2100`);
  return time;
}

function msOf(digits: string): number {
  const unit = UNITS.find((one) => one.digits.test(digits));
  if (unit !== undefined) throw wrong(`${digits} looks like ${unit.name}, but ms are expected: ${unit.remedy}`);
  const date = DATE_IN_DIGITS.exec(digits)
    ?.slice(1)
    .map((part) => part || '01');
  if (date !== undefined) throw wrong(`${digits} would be ms since 1970; write a date as ${date.join('-')}`);
  if (Number(digits) > LAST) throw wrong(`${digits} ms is after 2100`);
  return Number(digits);
}

function isoOf(text: string): number {
  const [date = '', ...rest] = text.split(/[Tt ]/);
  const start = dateOf(date);
  return rest.length === 0 ? start : start + timeOfDay(rest.join(' ').trim());
}

function dateOf(text: string): number {
  const [, year = '', month = '', day = '01'] = ISO_DATE.exec(text) ?? [];
  if (year === '') throw wrong('');
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC takes the 30th of February for the 2nd of March.
  if (!iso(time).startsWith(`${year}-${month}-${day}T`)) throw wrong(`there is no ${text}`);
  return time;
}

/** From midnight of the day on, ms; with the zone's distance from UTC. */
function timeOfDay(text: string): number {
  const [, time = '', zone = 'Z'] = ISO_TIME.exec(text) ?? [];
  if (time === '') throw wrong('');
  const offset = zone.replace(/^([+-]\d\d):?(\d\d)?$/, (_, hours: string, minutes = '00') => `${hours}:${minutes}`);
  const ms = Date.parse(`1970-01-01T${time.replace(',', '.')}${offset.toUpperCase()}`);
  if (Number.isNaN(ms)) throw wrong(`there is no time of day ${text}`);
  return ms;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function wrong(why: string): InvalidArgumentError {
  const form =
    'write a time as 2026-01-31, 2026-01-31T12:00Z or "2026-01-31 12:00" (UTC unless an offset is given), or in ms';
  return new InvalidArgumentError(`${why}${why === '' ? '' : '; '}${form}`);
}
