import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { startFakeExchange, type FakeExchange } from '../../src/testing/index.ts';
import { isInstalled } from '../support/programs.ts';
import { fakeTerminal } from '../support/terminal.ts';
import { turns, until } from '../support/until.ts';

const VENUE = 'binance-spot';
const ALERTS = fileURLToPath(new URL('../../docs/operations/alerts.yaml', import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : expect.fail('no port');
}

/** A Prometheus of the system's that scrapes one target and has our alerts. */
async function startPrometheus(folder: string, target: string) {
  const config = {
    global: { scrape_interval: '200ms', evaluation_interval: '200ms' },
    rule_files: [ALERTS],
    scrape_configs: [{ job_name: 'rx-candles', static_configs: [{ targets: [target] }] }],
  };
  // JSON is YAML too.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const at = `127.0.0.1:${String(await freePort())}`;
  const files = [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`];
  const child = spawn('prometheus', [...files, `--web.listen-address=${at}`], { stdio: 'ignore' });
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`http://${at}/api/v1/${path}`).catch(() => undefined);
    return answer?.ok === true ? ((await answer.json()) as { data: unknown }).data : undefined;
  };
  return { child, ask };
}

describe.skipIf(!isInstalled('prometheus'))('a Prometheus of the system', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-candles-prometheus-'));
  let exchange: FakeExchange;
  let child: ChildProcess | undefined;

  beforeAll(async () => {
    exchange = await startFakeExchange({ venues: [VENUE] });
  });
  afterAll(async () => {
    child?.kill('SIGKILL');
    await exchange.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('scrapes a recording that loses its connection, and takes the alerts', async () => {
    const { terminal, stop$, err } = fakeTerminal();
    const { stream, rest } = exchange.endpoints();
    const hosts = ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--log-level', 'silent'];
    const series = ['BTCUSDT', '-i', '1s', '--store', join(folder, 'candles.db')];
    const ended = run(['record', ...series, ...hosts, '--metrics-port', '0'], terminal);
    const targetOf = () => /http:\/\/(\S+)\/metrics/.exec(err())?.[1];
    await until(() => targetOf() !== undefined, 'the address');
    const prometheus = await startPrometheus(folder, targetOf() ?? '');
    child = prometheus.child;
    const valueOf = async (query: string): Promise<number> => {
      const data = await prometheus.ask(`query?query=${encodeURIComponent(query)}`);
      const { result = [] } = (data ?? {}) as { result?: readonly { readonly value: readonly [number, string] }[] };
      return Number(result[0]?.value[1] ?? 0);
    };
    const becomes = async (query: string, isSo: (value: number) => boolean): Promise<void> => {
      for (let turn = 0; !isSo(await valueOf(query)); turn += 1) {
        if (turn > 1200) expect.fail(`${query} stays at ${String(await valueOf(query))}`);
        await turns(50);
      }
    };
    const reaches = (query: string, least: number) => becomes(query, (value) => value >= least);
    await reaches('sum(rx_candles_store_candles_total{job="rx-candles"})', 1);
    const refusal = exchange.faults.stream.refuse(503); // or a quick reconnect loses nothing
    exchange.faults.stream.drop();
    await reaches('rx_candles_connection_reconnects_total{rx_candles_reason="closed by peer"}', 1);
    await reaches('sum(rx_candles_candles_delivered_total{rx_candles_source="backfill"})', 1);
    refusal.stop();
    await reaches('rx_candles_connection_count', 1);
    await becomes('rx_candles_series_late', (late) => late === 0);
    const { groups } = (await prometheus.ask('rules')) as {
      groups: readonly { rules: readonly { health: string }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.map(({ health }) => health)).toEqual(rules.map(() => 'ok'));
    expect(rules.length).toBeGreaterThan(10);
    stop$.next();
    expect(await ended).toBe(0);
  });
});
