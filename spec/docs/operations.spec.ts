import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMPTY } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { LogCounts } from '../../src/log/log-counts.ts';
import { FEED_METRICS, SERIES_METRICS } from '../../src/metrics/feed-metrics.ts';
import { LOG_METRICS } from '../../src/metrics/log-metrics.ts';
import type { Metric } from '../../src/metrics/metric.ts';
import { labelName, prometheusName } from '../../src/metrics/prometheus-name.ts';
import { STORE_METRICS } from '../../src/metrics/store-metrics.ts';
import { RecordCounts } from '../../src/store/record-counts.ts';
import { feedStatus } from '../support/feed-status.ts';
import { isInstalled } from '../support/programs.ts';
import { headingsOf, projectRoot, textOf } from './pages.ts';

const FOLDER = 'docs/operations';
const FILES = ['README.md', 'alerts.yaml', 'alerts.test.yaml', 'dashboard.json'].map((name) => `${FOLDER}/${name}`);
const METRICS: readonly Metric<never>[] = [...FEED_METRICS, ...SERIES_METRICS, ...STORE_METRICS, ...LOG_METRICS];
const EMITTED = new Set(METRICS.flatMap(namesOf));
const LABELS = new Set(['rx_candles_venue', 'rx_candles_log', ...METRICS.flatMap(labelsOf)]);

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook: string };
}

function namesOf(metric: Metric<never>): readonly string[] {
  const name = prometheusName(metric);
  return metric.kind === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => `${name}${end}`) : [name];
}

function labelsOf(metric: Metric<never>): readonly string[] {
  return metric.kind === 'histogram' ? [] : metric.by.map(labelName);
}

/** Values of a label that a feed tells of even before anything has happened. */
function valuesOf(label: string): readonly string[] {
  const recorded = new RecordCounts();
  const logged = new LogCounts({ status$: EMPTY });
  const figures = [
    ...FEED_METRICS.flatMap((metric) => (metric.kind === 'histogram' ? [] : [{ ...metric, readings: metric.read(feedStatus()) }])),
    ...STORE_METRICS.flatMap((metric) => (metric.kind === 'histogram' ? [] : [{ ...metric, readings: metric.read(recorded) }])),
    ...LOG_METRICS.flatMap((metric) => (metric.kind === 'histogram' ? [] : [{ ...metric, readings: metric.read(logged) }])),
  ]; // prettier-ignore
  return figures.flatMap(({ by, readings }) =>
    readings.map(([, ...values]) => values[by.map(labelName).indexOf(label)] ?? ''),
  );
}

const rules = (
  parse(textOf(`${FOLDER}/alerts.yaml`)) as { groups: readonly { rules: readonly Rule[] }[] }
).groups.flatMap((group) => group.rules);
const queries = [...textOf(`${FOLDER}/dashboard.json`).matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(
  ([, text = '""']) => JSON.parse(text) as string,
);

it.each(FILES)('%s speaks of no metric and no label that a feed does not tell', (file) => {
  const words = textOf(file).match(/\brx_candles_[a-z_]+[a-z]\b/g) ?? [];
  const known = new Set([...EMITTED, ...METRICS.map(prometheusName), ...LABELS]);
  expect(words.length).toBeGreaterThan(10);
  expect(words.filter((word) => !known.has(word))).toEqual([]);
});

it('asks for no value of a label that does not occur', () => {
  const asked = [...rules.map(({ expr }) => expr), ...queries].flatMap((expr) => [
    ...expr.matchAll(/(rx_candles_(?:reason|outcome|state|source))[=!]~?"([^"]+)"/g),
  ]);
  const unknown = asked.flatMap(([, label = '', values = '']) =>
    values.split('|').filter((value) => !valuesOf(label).includes(value)),
  );
  expect(asked.length).toBeGreaterThan(5);
  expect(unknown).toEqual([]);
});

it('has every metric in the tables of the page, with its kind and what it is told by', () => {
  const page = textOf(`${FOLDER}/README.md`);
  const rowOf = (metric: Metric<never>): string => {
    const { kind, unit, help } = metric;
    const by = labelsOf(metric).map((label) => `\`${label.replace('rx_candles_', '')}\``);
    const measured = [`${kind}, ${unit.replace(/[{}]/g, '')}`, ...(by.length === 0 ? [] : [`by ${by.join(', ')}`])];
    return `| \`${prometheusName(metric)}\` | ${measured.join(', ')} | ${help} |`;
  };
  expect(METRICS.map(rowOf).filter((row) => !page.includes(row))).toEqual([]);
});

it('says of each alert what happened and what to do, under its name', () => {
  const names = rules.map(({ alert }) => alert);
  const headings = headingsOf(textOf(`${FOLDER}/README.md`)).filter((heading) => heading.startsWith('RxCandles'));
  expect(headings).toEqual(names);
  expect(rules.map(({ annotations }) => annotations.runbook)).toEqual(
    names.map((name) => `${FOLDER}/README.md#${name.toLowerCase()}`),
  );
  const tried = new Set(
    [...textOf(`${FOLDER}/alerts.test.yaml`).matchAll(/alertname: (\w+)/g)].map(([, name]) => name),
  );
  expect(names.filter((name) => !tried.has(name))).toEqual([]);
});

describe.skipIf(!isInstalled('promtool'))('promtool', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-candles-promtool-'));
  const promtool = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, {
      cwd: join(projectRoot, FOLDER),
      encoding: 'utf8',
    });
    return { status, said: stdout + stderr };
  };
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('sees every alert fire and clear as written', () => {
    expect(promtool('test', 'rules', 'alerts.test.yaml')).toMatchObject({ status: 0 });
  });

  it('takes every query of the dashboard', () => {
    const exprs = queries.map((expr) => expr.replaceAll(/\$__\w+/g, '5m'));
    const recordings = exprs.map((expr, index) => ({ record: `panel_${String(index)}`, expr }));
    const file = join(folder, 'queries.yaml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: recordings }] }));
    expect(queries.length).toBeGreaterThan(20);
    expect(promtool('check', 'rules', file)).toMatchObject({ status: 0 });
  });
});
