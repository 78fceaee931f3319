import { ConfigError } from '../core/errors.ts';
import { numberSchema, readGroup, type Group, type Schema } from '../core/schema.ts';

/** Taken as it is. */
export const anything: Schema = { must: 'be given', read: (value) => value, show: String };

export const count: Schema = numberSchema(
  'be a whole number of at least 0',
  (value) => Number.isSafeInteger(value) && value >= 0,
);

export const size: Schema = numberSchema(
  'be a whole number of at least 1, or Infinity',
  (value) => value >= 1 && (Number.isSafeInteger(value) || value === Infinity),
);

export const milliseconds: Schema = numberSchema(
  'be a number of ms of at least 0',
  (value) => value >= 0 && Number.isFinite(value),
);

export const aboveZero: Schema = numberSchema('be a number above 0', (value) => value > 0);

/** @throws ConfigError that lists every problem */
export function checkOptions(options: object, group: Group): void {
  const place = { path: '', problems: [] as string[], unknown: [] as string[] };
  readGroup(options, group, place);
  const problems = [...place.problems, ...place.unknown];
  if (problems.length > 0) throw new ConfigError(problems);
}
