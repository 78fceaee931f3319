import { closestWord } from './spelling.ts';

/** How one setting is validated. */
export interface Schema {
  /** Completes the sentence "… must". */
  readonly must: string;
  /** The value to use; undefined if the input is invalid. */
  readonly read: (value: unknown) => unknown;
  /** How an invalid value is shown; only its type if it may be a secret. */
  readonly show: (value: unknown) => string;
}

/** Settings under one key. */
export interface Group {
  readonly [key: string]: Schema | Group;
}

interface Place {
  /** Path of the group; empty at the top. */
  readonly path: string;
  /** Collects problems with values. */
  readonly problems: string[];
  /** Collects problems with unknown keys. */
  readonly unknown: string[];
}

export const boolean: Schema = {
  must: 'be true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  show: textOf,
};

/** A string that no message may contain. */
export const secret: Schema = {
  must: 'be a non-blank string',
  read: (value) => (typeof value === 'string' && value.trim() !== '' ? value : undefined),
  show: kindOf,
};

export function numberSchema(must: string, isGood: (value: number) => boolean): Schema {
  return { must, read: (value) => (typeof value === 'number' && isGood(value) ? value : undefined), show: textOf };
}

export function wordSchema(words: readonly string[], normalize = (word: string) => word): Schema {
  return {
    must: `be one of ${words.join(', ')}`,
    read: (value) => (typeof value === 'string' ? words.find((word) => word === normalize(value)) : undefined),
    show: (value) => textOf(value) + suggestion(value, words),
  };
}

/** A URL without query, fragment or user; trailing slashes are removed. */
export function urlSchema(must: string, isGood: (url: URL) => boolean): Schema {
  return {
    must,
    read(value) {
      const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
      if (url === undefined || !isGood(url) || url.search + url.hash + url.username + url.password !== '')
        return undefined;
      return url.href.replace(/[/?#]+$/, '');
    },
    show: (value) =>
      textOf(value)
        .replace(/[?#].*/, '?…"')
        .replace(/\/\/.*@/, '//…@'),
  };
}

/** Reads what a group allows and reports the rest. Undefined counts as absent. */
export function readGroup(input: unknown, group: Group, place: Place): Record<string, unknown> {
  if (!isRecord(input)) {
    place.problems.push(`${place.path || 'options'}: must be an object with ${namesIn(group)}, got ${kindOf(input)}`);
    return {};
  }
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const read = given.map(([key, value]) => [key, readEntry({ key, value }, group, place)] as const);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

function readEntry({ key, value }: { key: string; value: unknown }, group: Group, place: Place): unknown {
  const { path, problems, unknown } = place;
  const here = path === '' ? key : `${path}.${key}`;
  const schema = Object.hasOwn(group, key) ? group[key] : undefined;
  if (schema === undefined) {
    unknown.push(unknownKey(key, group, path));
    return undefined;
  }
  if (!isSchema(schema)) return readGroup(value, schema, { ...place, path: here });
  const read = schema.read(value);
  if (read === undefined) problems.push(`${here}: must ${schema.must}, got ${schema.show(value)}`);
  return read;
}

function unknownKey(key: string, group: Group, path: string): string {
  // A secret pasted into the wrong place may be the key itself.
  if (Object.values(group).includes(secret)) return `${path}: has a key that is not one of ${namesIn(group)}`;
  const meant = suggestion(key, Object.keys(group));
  return `${path === '' ? key : `${path}.${key}`}: is not an option${meant || `; the options are ${namesIn(group)}`}`;
}

function suggestion(value: unknown, words: readonly string[]): string {
  const meant = typeof value === 'string' ? closestWord(value, words) : undefined;
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

function namesIn(group: Group): string {
  return Object.keys(group).join(', ');
}

function isSchema(entry: Schema | Group): entry is Schema {
  return typeof entry['read'] === 'function';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How a value is shown in a message. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value === 'number' ? String(value) : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
