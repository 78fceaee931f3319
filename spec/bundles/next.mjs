/** Next builds the server of a small app, and that server delivers candles. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { assertCandles, writeSettings } from '../support/delivery.mjs';
import { LONGEST_WAIT_MS, commandOf, emptyFolder, manifest, run } from '../support/packed.mjs';

const TRACE = 'app/candles/route.js.nft.json';
const QUIET = { NEXT_TELEMETRY_DISABLED: '1' };

/** Size in bytes of what the built server loads of the app for its one route. */
export async function checkNext(flags, project, endpoints) {
  for (const name of ['app', '.next']) rmSync(join(project, name), { recursive: true, force: true });
  cpSync(join(project, 'next'), project, { recursive: true });
  run(commandOf(project, 'next'), ['build', ...flags], { cwd: project, env: { ...process.env, ...QUIET } });
  const folder = emptyFolder('next');
  cpSync(join(project, '.next/standalone'), folder, { recursive: true });
  // Next copies files of a package that reads files, in case it reads them; the bundle must do without.
  rmSync(join(folder, 'node_modules', manifest.name), { recursive: true, force: true });
  writeSettings(folder, endpoints);
  await assertServes(folder);
  return sizeOf(join(project, '.next/server'));
}

async function assertServes(folder) {
  const port = await freePort();
  const env = { ...process.env, ...QUIET, PORT: String(port), HOSTNAME: '127.0.0.1' };
  const server = spawn(process.execPath, ['server.js'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    assertCandles(await answerOf(`http://127.0.0.1:${port}/candles`));
  } finally {
    server.kill();
    await once(server, 'exit');
  }
}

async function answerOf(url) {
  const end = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined || Date.now() > end) return answer.text();
    await setTimeout(100);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

function sizeOf(server) {
  const trace = join(server, TRACE);
  const files = JSON.parse(readFileSync(trace, 'utf8')).files.map((file) => resolve(dirname(trace), file));
  const own = files.filter((file) => file.startsWith(server) && file.endsWith('.js'));
  return own.reduce((sum, file) => sum + statSync(file).size, 0);
}
