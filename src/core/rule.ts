import { closestWord } from './spelling.ts';

/** What one setting must be. */
export interface Rule {
  /** Ends the sentence "… must". */
  readonly must: string;
  /** The value to use; undefined where it cannot be used. */
  readonly read: (value: unknown) => unknown;
  /** How a bad value is shown; its kind alone where it may be a secret. */
  readonly show: (value: unknown) => string;
}

/** Settings under one key. */
export interface Group {
  readonly [key: string]: Rule | Group;
}

interface Place {
  /** Path of the group; empty at the top. */
  readonly path: string;
  /** Complaints about values are added here. */
  readonly problems: string[];
  /** Complaints about keys that are no options. */
  readonly unknown: string[];
}

export const boolean: Rule = {
  must: 'be true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  show: textOf,
};

/** A text that no complaint may repeat. */
export const secret: Rule = {
  must: 'be a non-blank string',
  read: (value) => (typeof value === 'string' && value.trim() !== '' ? value : undefined),
  show: kindOf,
};

export function numberRule(must: string, isGood: (value: number) => boolean): Rule {
  return { must, read: (value) => (typeof value === 'number' && isGood(value) ? value : undefined), show: textOf };
}

export function wordRule(words: readonly string[], normalize = (word: string) => word): Rule {
  return {
    must: `be one of ${words.join(', ')}`,
    read: (value) => (typeof value === 'string' ? words.find((word) => word === normalize(value)) : undefined),
    show: (value) => textOf(value) + suggestion(value, words),
  };
}

/** A URL without query, fragment and user, read without slashes at its end. */
export function urlRule(must: string, isGood: (url: URL) => boolean): Rule {
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

/** Reads what a group allows and complains about the rest. Undefined counts as left out. */
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
  const rule = Object.hasOwn(group, key) ? group[key] : undefined;
  if (rule === undefined) {
    unknown.push(unknownKey(key, group, path));
    return undefined;
  }
  if (!isRule(rule)) return readGroup(value, rule, { ...place, path: here });
  const read = rule.read(value);
  if (read === undefined) problems.push(`${here}: must ${rule.must}, got ${rule.show(value)}`);
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

function isRule(entry: Rule | Group): entry is Rule {
  return typeof entry['read'] === 'function';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value === 'number' ? String(value) : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
