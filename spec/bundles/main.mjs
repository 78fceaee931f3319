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
import { commandOf, emptyFolder, manifest, outputOf, pack, run, unpackInto } from '../support/packed.mjs';
import { BUNDLERS } from './bundlers.mjs';
import { checkNext } from './next.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const PEERS = Object.keys(manifest.peerDependenciesMeta ?? {});
/** In every file of a peer's stand-in; a bundle that has it has swallowed the peer. */
const MARK = 'stand-in of an optional peer';

/** As rollup marks one, and the others name it. */
const WARNING = /warning|\(!\)/i;

/** A user's project, with the bundlers and the packed package installed. */
function makeProject(tarball) {
  const project = emptyFolder('project');
  cpSync(here, project, { recursive: true });
  run('npm', ['ci', '--silent', '--ignore-scripts'], { cwd: project });
  unpackInto(project, tarball);
  return project;
}

/** A peer that Next looks for and uses itself, where it is installed: a stand-in would break Next, not us. */
const USED_BY_NEXT = '@opentelemetry/api';

function installPeers(project) {
  for (const name of PEERS) {
    const home = join(project, 'node_modules', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.js' }));
    writeFileSync(join(home, 'index.js'), `module.exports = '${MARK}';\n`);
  }
}

function installForNext(project) {
  const home = join('node_modules', USED_BY_NEXT);
  rmSync(join(project, home), { recursive: true, force: true });
  if (PEERS.includes(USED_BY_NEXT))
    cpSync(fileURLToPath(new URL(`../../${home}`, import.meta.url)), join(project, home), { recursive: true });
}

/** What the bundler printed must not be a warning. */
function bundle(project, { tool, args, manifest: own }, program) {
  rmSync(join(project, 'out'), { recursive: true, force: true });
  const { stdout, stderr } = outputOf(commandOf(project, tool), [...args, `./${program}`], { cwd: project });
  assert.doesNotMatch(stdout + stderr, WARNING, `${tool} warns`);
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

async function checkBundler(bundler, project, endpoints) {
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

/** What each check returns is a size in bytes. */
const CHECKS = new Map([
  ...Object.entries(BUNDLERS).map(([name, bundler]) => [name, (...where) => checkBundler(bundler, ...where)]),
  ['Next, Turbopack', (...where) => checkNext([], ...where)],
  ['Next, webpack', (...where) => checkNext(['--webpack'], ...where)],
]);

async function checkAll(project, names, endpoints, beforeNext = () => undefined) {
  for (const name of names) {
    if (name.startsWith('Next')) beforeNext(project);
    const bytes = await CHECKS.get(name)(project, endpoints);
    console.log(`${name}: candles, ${(bytes / 1000).toFixed(0)} kB`);
  }
}

const asked = process.argv.slice(2);
const names = [...CHECKS.keys()].filter((name) => asked.every((word) => name.includes(word)));
const project = makeProject(pack());
await withExchange(async (endpoints) => {
  console.log('without optional peers');
  await checkAll(project, names, endpoints);
  if (PEERS.length === 0) return;
  installPeers(project);
  console.log(`with ${PEERS.join(', ')}`);
  await checkAll(project, names, endpoints, installForNext);
});
