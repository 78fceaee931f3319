import { FIELDS, UNREPORTED, makeCandle, unusableBecause, type Candle } from '../core/candle.ts';
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
  const trouble = missingIn(message) ?? seriesTrouble(message) ?? numberTrouble(message);
  if (trouble !== undefined) return trouble;
  const entry = {
    candle: makeCandle(message as unknown as Candle),
    previous: message['previousTimestamp'] as number | null,
  };
  return unusableBecause(entry.candle) ?? orderTrouble(entry) ?? entry;
}

type Message = Readonly<Record<string, unknown>>;

const NEEDED = [...FIELDS, 'previousTimestamp'];

function missingIn(message: Message): string | undefined {
  const missing = NEEDED.filter((field) => !Object.hasOwn(message, field));
  return missing.length > 0 ? `it has no ${missing.join(', ')}` : undefined;
}

function seriesTrouble({ venue, symbol, interval }: Message): string | undefined {
  if (typeof venue !== 'string' || !isVenue(venue)) return 'its venue is unknown';
  return typeof symbol === 'string' && symbol !== '' && isInterval(interval) ? undefined : 'its series is unknown';
}

/** What a venue may not tell, and the first candle does not have. */
const NULLABLE = [...Object.keys(UNREPORTED), 'previousTimestamp'];
const NUMBERS = [...FIELDS.slice(FIELDS.indexOf('timestamp'), FIELDS.indexOf('source')), 'previousTimestamp'];

function numberTrouble(message: Message): string | undefined {
  const wrong = NUMBERS.filter(
    (field) => !isNumber(message[field]) && !(message[field] === null && NULLABLE.includes(field)),
  );
  return wrong.length > 0 ? `${wrong.join(', ')} must be numbers` : undefined;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function orderTrouble({ candle, previous }: LogEntry): string | undefined {
  return previous !== null && previous >= candle.timestamp ? 'it does not open after its predecessor' : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
