import type { EpochMs } from './candle.ts';

/** Header fields by lower-case name. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A pause longer than the longest ban (three days) is ignored. */
const LONGEST_PAUSE_MS = 4 * 24 * 3_600_000;

/**
 * When an answer was written, by its own `Date`; by this machine's clock where it has none.
 *
 * @param wallClock - what this machine believes the time to be, ms UTC
 */
export function answeredAt(headers: Headers, wallClock: EpochMs): EpochMs {
  const date = Date.parse(textOf(headers, 'date'));
  return Number.isNaN(date) ? wallClock : date;
}

/** Pause required by `Retry-After`, ms: in seconds, as exchanges write it, or until a date, as HTTP allows. */
export function retryAfterOf(headers: Headers, at: EpochMs): number | undefined {
  const text = textOf(headers, 'retry-after');
  return believable(/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - at);
}

/** Time until a moment stated in a response, ms; undefined if implausible. */
export function pauseUntil(time: EpochMs, at: EpochMs): number | undefined {
  return believable(time - at);
}

function believable(ms: number): number | undefined {
  return ms >= 0 && ms <= LONGEST_PAUSE_MS ? ms : undefined;
}

function textOf(headers: Headers, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : '';
}
