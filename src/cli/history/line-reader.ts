import { FIELDS, isInterval, type Candle } from '../../index.ts';
import { csv, ndjson, type Format } from '../format.ts';

/** A format that can be read back. */
export interface LineFormat extends Format {
  /** @returns the candle of a line; undefined for a line that this format would not have written */
  read(line: string): Candle | undefined;
}

export const readableCsv: LineFormat = { ...csv, read: (line) => exactly(csv, line, fieldsOf(line)) };

export const readableNdjson: LineFormat = { ...ndjson, read: (line) => exactly(ndjson, line, jsonOf(line)) };

const TEXTS: readonly string[] = ['venue', 'symbol', 'interval', 'source'];
/** A quoted or plain field, with the comma before it. */
const FIELD = /(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g;

/** What is read is what was written if writing it again gives the same line. */
function exactly(format: Format, line: string, values: unknown): Candle | undefined {
  return isCandle(values) && format.line(values) === `${line}\n` ? values : undefined;
}

function isCandle(values: unknown): values is Candle {
  if (typeof values !== 'object' || values === null) return false;
  const candle = values as Candle;
  return (
    Object.keys(values).join() === FIELDS.join() &&
    isInterval(candle.interval) &&
    Number.isSafeInteger(candle.timestamp)
  );
}

function fieldsOf(line: string): unknown {
  const texts = [...line.matchAll(FIELD)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '');
  return Object.fromEntries(FIELDS.map((field, index) => [field, valueOf(field, texts[index] ?? '')]));
}

function valueOf(field: string, text: string): string | number | null {
  if (TEXTS.includes(field)) return text;
  return text === '' ? null : Number(text);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
