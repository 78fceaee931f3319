import { FIELDS, makeCandle, unusableBecause, type Candle, type EpochMs } from '../core/candle.ts';
import { isInterval } from '../core/interval.ts';
import { isRecord } from '../core/schema.ts';
import type { LogEntry } from '../ports/candle-log.ts';
import { isVenue } from '../venues/series-key.ts';

/**
 * A message of the log: JSON with the names of `FIELDS` in their order, then `previousTimestamp`, the open time of the
 * candle before it in the series, null for the first.
 */
export function encodeEntry({ candle, previous }: LogEntry): string {
  return JSON.stringify({ ...makeCandle(candle), previousTimestamp: previous });
}

/** The entry that a text holds; a sentence that says what is wrong with it otherwise. */
export function decodeEntry(text: string): LogEntry | string {
  const message = parsed(text);
  if (!isRecord(message)) return 'it is no JSON object';
  const missing = [...FIELDS, 'previousTimestamp'].filter((field) => !Object.hasOwn(message, field));
  if (missing.length > 0) return `it has no ${missing.join(', ')}`;
  const { venue, symbol, interval, previousTimestamp: previous } = message;
  if (typeof venue !== 'string' || !isVenue(venue)) return 'its venue is unknown';
  if (typeof symbol !== 'string' || symbol === '' || !isInterval(interval)) return 'its series is unknown';
  const numbers = FIELDS.slice(FIELDS.indexOf('timestamp'), -1).filter((field) => !isNumberOrUntold(message[field]));
  if (numbers.length > 0) return `${numbers.join(', ')} must be numbers`;
  if (!isNumberOrUntold(previous)) return 'its previousTimestamp is not a number';
  const candle = makeCandle(message as unknown as Candle);
  const trouble = unusableBecause(candle) ?? orderTrouble(candle, previous);
  return trouble ?? { candle, previous };
}

function isNumberOrUntold(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && Number.isFinite(value));
}

function orderTrouble({ timestamp }: Candle, previous: EpochMs | null): string | undefined {
  return previous !== null && previous >= timestamp ? 'it does not open after its predecessor' : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
