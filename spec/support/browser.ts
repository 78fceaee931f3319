import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Where Chromium is; undefined: what needs it is skipped. */
export const CHROMIUM = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((file) => existsSync(file));

/** A name that leads to this machine, as a foreign page's does under DNS rebinding. */
export const REBOUND_HOST = 'evil.example';

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM ?? '',
    timeout: 120_000,
    args: ['--no-sandbox', `--host-resolver-rules=MAP ${REBOUND_HOST} 127.0.0.1`],
  });
}

/** The chart's page with the build of lightweight-charts that checks what it is told to draw. */
export function buildChartPage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rx-candles-chart-'));
  const script = fileURLToPath(new URL('../build-page.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, folder, 'development'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the page could not be built: ${stderr}`);
  return folder;
}

/** What a page asked for, and what it complained of. */
export interface PageLog {
  readonly complaints: readonly string[];
  readonly hosts: ReadonlySet<string>;
}

export function logOf(page: Page): PageLog {
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    hosts.add(protocol === 'http:' ? host : protocol);
  });
  return { complaints, hosts };
}
