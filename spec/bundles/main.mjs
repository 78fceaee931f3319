/**
 * `npm run test:bundles [-- name…]`: bundles a program on the packed package with each bundler, runs it in a folder with
 * nothing else, and prints how large it is (docs/bundling.md). Each is built twice, with the optional peers installed and
 * without them.
 */
import { strict as assert } from 'node:assert';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertDelivers, withExchange, writeSettings } from '../support/delivery.mjs';
import { commandOf, emptyFolder, manifest, pack, run, unpackInto } from '../support/packed.mjs';
import { BUNDLERS } from './bundlers.mjs';
import { checkNext } from './next.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const PEERS = Object.keys(manifest.peerDependenciesMeta ?? {});
/** In every file of a peer's stand-in; a bundle that has it has swallowed the peer. */
const MARK = 'stand-in of an optional peer';

/** A user's project, with the bundlers and the packed package installed. */
function makeProject(tarball) {
  const project = emptyFolder('project');
  cpSync(here, project, { recursive: true });
  run('npm', ['ci', '--silent', '--ignore-scripts'], { cwd: project });
  unpackInto(project, tarball);
  return project;
}

function installPeers(project) {
  for (const name of PEERS) {
    const home = join(project, 'node_modules', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.js' }));
    writeFileSync(join(home, 'index.js'), `module.exports = '${MARK}';\n`);
  }
}

/** What the bundler printed must not be a warning. */
function bundle(project, { tool, args, manifest: own }, program) {
  rmSync(join(project, 'out'), { recursive: true, force: true });
  const said = run(commandOf(project, tool), [...args, `./${program}`], { cwd: project });
  assert.doesNotMatch(said, /warning/i, `${tool} warns`);
  writeFileSync(join(project, 'out/package.json'), JSON.stringify(own));
  return moved(join(project, 'out'));
}

/** The bundle in a folder of its own, far from the project. */
function moved(out) {
  const folder = emptyFolder('bundle');
  cpSync(out, folder, { recursive: true });
  return folder;
}

function filesOf(folder) {
  const names = readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
  return names.filter((name) => /\.[cm]?js$/.test(name) && statSync(name).isFile());
}

function assertNoPeerIn(folder) {
  const swallowed = filesOf(folder).filter((name) => readFileSync(name, 'utf8').includes(MARK));
  assert.deepEqual(swallowed, [], 'an optional peer is in the bundle');
}

function mainOf(folder) {
  return readdirSync(folder).find((name) => /^(program|main|peer)\.[cm]?js$/.test(name));
}

async function checkBundler(project, bundler, endpoints) {
  const folder = bundle(project, bundler, 'program.mjs');
  assertNoPeerIn(folder);
  writeSettings(folder, endpoints);
  await assertDelivers(folder, mainOf(folder));
  if (PEERS.includes('ccxt')) assertTellsOfPeer(bundle(project, bundler, 'peer.mjs'));
  return filesOf(folder).reduce((sum, file) => sum + statSync(file).size, 0);
}

function assertTellsOfPeer(folder) {
  assertNoPeerIn(folder);
  const told = run(process.execPath, [mainOf(folder)], { cwd: folder });
  assert.match(told, /^[A-Z_]+: .*ccxt.*\n$/, 'an absent peer is one clear error');
}

const CHECKS = {
  ...Object.fromEntries(
    Object.entries(BUNDLERS).map(([name, bundler]) => [name, (...args) => checkBundler(args[0], bundler, args[1])]),
  ),
  'Next, Turbopack': (project, endpoints) => checkNext(project, [], endpoints),
  'Next, webpack': (project, endpoints) => checkNext(project, ['--webpack'], endpoints),
};

async function checkAll(project, names, endpoints) {
  for (const name of names) {
    const bytes = await CHECKS[name](project, endpoints);
    console.log(`${name}: candles, ${(bytes / 1000).toFixed(0)} kB`);
  }
}

const asked = process.argv.slice(2);
const names = Object.keys(CHECKS).filter((name) => asked.every((word) => name.includes(word)));
const project = makeProject(pack());
await withExchange(async (endpoints) => {
  console.log('without optional peers');
  await checkAll(project, names, endpoints);
  if (PEERS.length === 0) return;
  installPeers(project);
  console.log(`with ${PEERS.join(', ')}`);
  await checkAll(project, names, endpoints);
});
