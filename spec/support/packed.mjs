/** The package as it would be published, for the checks that use it as other people's programs do. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
export const LONGEST_WAIT_MS = 10 * 60_000;

/** What package.json says. */
export const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));

/** A folder of its own, outside the project, so that nothing of the project is found from there; gone at the end. */
export function emptyFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `rx-candles-${name}-`));
  folders.push(folder);
  return folder;
}

const folders = [];
process.once('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A command that is installed in the folder. */
export function commandOf(folder, name) {
  return join(folder, 'node_modules/.bin', name);
}

/** Runs a program to its end and returns what it printed on stdout; throws all it printed if it fails. */
export function run(program, args, options) {
  return outputOf(program, args, options).stdout;
}

/** Like `run`, with stderr. */
export function outputOf(program, args, options) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: LONGEST_WAIT_MS,
    ...options,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${error?.message ?? ''}${stdout}${stderr}`);
  return { stdout, stderr };
}

/** Like `run`, while this process goes on serving. */
export async function runBeside(program, args, options) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST_WAIT_MS, ...options });
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${out.join('')}${err.join('')}`);
  return out.join('');
}

function collect(stream) {
  const texts = [];
  stream.setEncoding('utf8').on('data', (text) => texts.push(text));
  return texts;
}

/** The file that `npm publish` would send. */
export function pack() {
  const folder = emptyFolder('packed');
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: projectRoot }));
  return join(folder, filename);
}

/** Puts the packed package where a program in the folder finds it. */
export function unpackInto(folder, tarball) {
  const home = join(folder, 'node_modules', manifest.name);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  run('tar', ['--extract', '--file', tarball, '--directory', home, '--strip-components', '1']);
}
