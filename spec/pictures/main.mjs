/** The first half of `npm run pictures`: the built command line against the fake exchange, in a terminal; its screens into docs/pictures. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFakeExchange } from 'rx-candles/testing';
import { svgOf } from './svg.mjs';
import { openTerminal, shows } from './terminal.mjs';

const VENUE = 'binance-spot';
const PICTURES = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
const CLI = fileURLToPath(new URL('../../dist/cli/cli.js', import.meta.url));

/** What is typed, the screen that is waited for, and what happens to the exchange meanwhile. */
const SCENES = [
  {
    name: 'watch',
    size: { columns: 100, rows: 10 },
    line: 'rx-candles watch BTCUSDT ETHUSDT SOLUSDT --interval 1s',
    until: /backfill[^]*[1-9]\d* fetched/,
    begun: async (exchange, terminal) => {
      await shows(terminal, /[3-9] streamed|\d\d streamed/);
      exchange.faults.stream.refuse(503, { next: 1 });
      exchange.faults.stream.drop();
    },
  },
  {
    name: 'history',
    size: { columns: 100, rows: 4 },
    line: 'rx-candles history BTCUSDT --interval 1m --from 2026-01-01 --to 2026-03-01 --out btc.csv',
    until: /[45]\d %/,
    begun: (exchange) => exchange.faults.rest.slow(40),
  },
  {
    name: 'doctor',
    size: { columns: 100, rows: 30 },
    line: 'rx-candles doctor',
    until: /^done$/m,
    begun: () => undefined,
  },
];

const setting = { cwd: mkdtempSync(join(tmpdir(), 'rx-candles-pictures-')), path: '' };
setting.path = join(setting.cwd, 'bin');
mkdirSync(setting.path);
mkdirSync(PICTURES, { recursive: true });
writeFileSync(join(setting.path, 'rx-candles'), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
chmodSync(join(setting.path, 'rx-candles'), 0o755);

const wanted = process.argv.slice(2);
for (const scene of SCENES) if (wanted.length === 0 || wanted.includes(scene.name)) await take(scene);
rmSync(setting.cwd, { recursive: true, force: true });

async function take({ name, size, line, until, begun }) {
  const exchange = await startFakeExchange({ venues: [VENUE], seed: 11 });
  const { stream, rest } = exchange.endpoints();
  writeFileSync(
    join(setting.cwd, 'config.yaml'),
    `venue: ${VENUE}\nendpoints: { stream: '${stream}', rest: '${rest}' }\n`,
  );
  const terminal = openTerminal(line, size, setting);
  try {
    await begun(exchange, terminal);
    await shows(terminal, until);
    const screen = terminal
      .screen()
      .replace(/\s*\n\s*done\s*$/, '')
      .trimEnd();
    writeFileSync(
      join(PICTURES, `${name}.svg`),
      svgOf(`\x1b[1m$ ${line}\x1b[0m\n${screen.replaceAll(setting.cwd, '/home/bot')}`, size.columns),
    );
    console.log(`docs/pictures/${name}.svg`);
  } finally {
    terminal.close();
    await exchange.close();
  }
}
