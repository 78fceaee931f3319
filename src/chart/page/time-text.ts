/** What a mark of the time axis may stand for, as lightweight-charts numbers them. */
export const MARKS = ['year', 'month', 'day', 'time', 'seconds'] as const;
export type Mark = (typeof MARKS)[number];

const NO_PARTS = { weekday: '', day: '', month: '', year: '', hour: '', minute: '', second: '' };
type Parts = Readonly<typeof NO_PARTS>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes long, and an axis asks for hundreds. */
function partsOf(time: number, timeZone: string): Parts {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone, hourCycle: 'h23', year: 'numeric', month: 'short', day: 'numeric', weekday: 'short',
      hour: '2-digit', minute: '2-digit', second: '2-digit',
    }); // prettier-ignore
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  return { ...NO_PARTS, ...parts };
}

/**
 * A mark of the time axis in a time zone. The axis chooses its marks in UTC; where that is no midnight of the zone, the time
 * of day says more than the date.
 */
export function markText(time: number, mark: Mark, timeZone: string): string {
  const { year, month, day, hour, minute, second } = partsOf(time, timeZone);
  if (mark === 'seconds') return `${hour}:${minute}:${second}`;
  const isMidnight = hour === '00' && minute === '00';
  if (!isMidnight) return `${hour}:${minute}`;
  if (mark === 'year') return year;
  return mark === 'month' ? month : `${day} ${month}`;
}

/** `Thu 26 Nov 2026 03:05`, with seconds where there are any. */
export function timeText(time: number, timeZone: string): string {
  const { weekday, day, month, year, hour, minute, second } = partsOf(time, timeZone);
  return `${weekday} ${day} ${month} ${year} ${hour}:${minute}${second === '00' ? '' : `:${second}`}`;
}

/** `03:05`, or with seconds where there are any. */
export function clockText(time: number, timeZone: string): string {
  return timeText(time, timeZone).split(' ').at(-1) ?? '';
}

/** `0:07`, `59:59`, `23:00:00`, `6d 01:00:00`. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days}d ${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
