import type { RestDialect } from '../dialects/dialect.ts';
import type { BadBody } from '../faults/rest-faults.ts';

type BadRows = Exclude<BadBody, keyof typeof BODIES>;
type Rows = readonly (readonly unknown[])[];

const BODIES = {
  html: '<html><body>Service temporarily unavailable</body></html>',
  object: '{"unexpected":true}',
  string: JSON.stringify('maintenance'),
  'empty array': '[]',
  empty: '',
} as const;

const ROWS: Readonly<Record<BadRows, (rows: Rows) => unknown>> = {
  unordered: (rows) => rows.toReversed(),
  'short rows': (rows) => rows.map((row) => row.slice(0, 5)),
  'null prices': (rows) => rows.map((row) => row.map((cell, index) => (index === 4 ? null : cell))),
  'wrong rows': (rows) => rows.map(([openTime]) => ({ openTime })),
};

/** What stands in place of a good body. */
export function badBody(good: string, kind: BadBody, rest: RestDialect): string {
  return kind in BODIES ? BODIES[kind as keyof typeof BODIES] : rest.withRows(good, ROWS[kind as BadRows]);
}
