import { fork, spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Client and server never share a core; the runner idles meanwhile. */
export const CLIENT_CORE = 0;
export const SERVER_CORE = 1;

const LONGEST_MS = 20 * 60_000;

export const canPin = cpus().length > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** A process that answers one request at a time: `ask('flood', { frames })`. */
export function startProcess(file, { core, args = [], execArgv = [], env = {} }) {
  const pinned = canPin
    ? { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath, ...execArgv] }
    : { execArgv };
  const output = process.env.BENCH_VERBOSE ? 'inherit' : 'ignore';
  const child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), args, {
    ...pinned,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output, 'ipc'],
  });
  let lastId = 0;
  const waiting = new Map();
  const fail = (reason) => {
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new Error(`${file} ${args.join(' ')}: ${reason}`));
    }
    waiting.clear();
  };
  child.on('message', ({ id, result, error }) => {
    const { resolve, reject, timer } = waiting.get(id) ?? {};
    waiting.delete(id);
    clearTimeout(timer);
    if (error === undefined) resolve?.(result);
    else reject?.(new Error(error));
  });
  child.on('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
  return {
    ask: (verb, options = {}) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        const timer = setTimeout(() => fail(`no answer to ${verb}`), LONGEST_MS);
        waiting.set(id, { resolve, reject, timer });
        child.send({ id, verb, options });
      }),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve();
        else child.once('exit', resolve);
        child.kill('SIGKILL');
      }),
  };
}

/** The other end: `verbs` are functions of the options; what they give back is the answer. */
export function answer(verbs) {
  process.on('message', async ({ id, verb, options }) => {
    try {
      process.send({ id, result: await verbs[verb](options) });
    } catch (error) {
      process.send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
