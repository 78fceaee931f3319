import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPackage, type Built } from '../support/built.ts';

/** What a bundler cannot see through, or takes for a module that must be there. */
const UNBUNDLED = /\bcreateRequire\b|\bimport\.meta\b|(?<![.\w])require\s*\(/;
/** `import` and `export … from` at the beginning of a line, and `import()` of a name. */
const IMPORTED = /^(?:import|export)\b[^'"\n]*['"]([^'"\n]+)['"]|^(?! *\*).*\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/gm;
/** `import()` of anything but a name, and what stands in its parentheses. */
const BY_VARIABLE = /\bimport\((\s*(?:\/\*.*?\*\/\s*)*[\w$.]+\s*)\)/g;
/** By these marks webpack, Next and Vite leave an import alone; the others leave every variable alone. */
const MARKS = ['webpackIgnore: true', '@vite-ignore'];

let built: Built;
let code: ReadonlyMap<string, string>;

beforeAll(() => {
  built = buildPackage();
  const dist = dirname(dirname(built.cli));
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  code = new Map(files.map((file) => [file, readFileSync(join(dist, file), 'utf8')]));
});

afterAll(() => built.remove());

it('asks for nothing by a way that only Node knows, but for the command line, which is not bundled', () => {
  const asking = [...code].filter(([, text]) => UNBUNDLED.test(text)).map(([file]) => file);
  expect(asking.filter((file) => dirname(file) !== 'cli')).toEqual([]);
  expect(asking).toContain(join('cli', 'cli.js'));
});

it('imports rxjs and Node by name, and nothing else, but for the two doors that are for users of another package', () => {
  const namesIn = (text: string) => [...text.matchAll(IMPORTED)].map(([, a, b]) => a ?? b ?? '');
  const othersIn = (text = '') => namesIn(text).filter((name) => !/^(\.{1,2}\/|node:)/.test(name));
  const doors = ['metrics/otel.js', 'metrics/prometheus.js'];
  const names = [...code.values()].flatMap(namesIn);
  const others = [...code].flatMap(([file, text]) => (doors.includes(file) ? [] : othersIn(text)));
  expect(names).toContain('./shared/ws.js');
  expect(new Set(others)).toEqual(new Set(['rxjs']));
  expect(doors.map((file) => othersIn(code.get(file)))).toEqual([
    ['rxjs', '@opentelemetry/api'],
    ['rxjs', 'prom-client'],
  ]);
});

function unmarkedIn(text: string): readonly string[] {
  const imports = [...text.matchAll(BY_VARIABLE)].map(([, what]) => what ?? '');
  return imports.filter((what) => !MARKS.every((mark) => what.includes(mark)));
}

it('leaves optional peers to Node: what is imported by a variable is marked for bundlers', () => {
  expect([...code.values()].flatMap(unmarkedIn)).toEqual([]);
  expect(unmarkedIn('await import(\n/* webpackIgnore: true */\nNAME\n)')).toHaveLength(1);
});

it('says whose code it includes, with the licences', () => {
  const text = readFileSync(join(dirname(dirname(built.cli)), 'licences.txt'), 'utf8');
  const packages = [...text.matchAll(/^(\S+) \d+\.\d+\.\d+$/gm)].map(([, name]) => name);
  expect([...new Set(packages)].sort()).toEqual(
    [
      // What log-update and string-width are made of, for the command line.
      ...['ansi-escapes', 'ansi-regex', 'ansi-styles', 'cli-cursor'],
      // The command line's own rxjs.
      ...['rxjs', 'tslib'],
      // prom-client and what it needs, for the command line too.
      ...['@opentelemetry/api', 'bintrees', 'prom-client', 'tdigest'],
      ...['commander', 'csv-parse', 'dotenv', 'environment', 'fflate', 'get-east-asian-width', 'hyparquet'],
      ...['hyparquet-writer', 'ip-address'],
      ...['is-fullwidth-code-point', 'log-update', 'loglevel', 'mimic-function', 'onetime', 'restore-cursor'],
      ...[
        'signal-exit',
        'slice-ansi',
        'smart-buffer',
        'socks',
        'string-width',
        'strip-ansi',
        'wrap-ansi',
        'ws',
        'yaml',
      ],
    ].sort(),
  );
  const licences = /Permission is hereby granted|Redistribution and use|Permission to use|Apache License\s+Version 2/g;
  expect(text.match(licences)).toHaveLength(packages.length);
});

it('brings rxjs along for the command line alone', () => {
  const importing = [...code].filter(([, text]) => [...text.matchAll(IMPORTED)].some(([, name]) => name === 'rxjs'));
  const files = importing.map(([file]) => file);
  expect(files).toContain('index.js');
  expect(files.filter((file) => file.startsWith('cli'))).toEqual([]);
});
