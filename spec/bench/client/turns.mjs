import { answer, pause } from '../lib/processes.mjs';
import { contenders } from './contenders.mjs';

/** Several contenders in one process, each on a server of its own: `turns.mjs`. */
const seen = new Map();
const metrics = new Map();
let began;

answer({
  exit: () => process.exit(),
  start: async ({ name, contender, ...target }) => {
    const counts = { frames: 0, closes: 0 };
    seen.set(name, counts);
    const onClose = () => counts.closes++;
    const made = await contenders[contender](target, onClose, () => counts.frames++);
    metrics.set(name, made);
  },
  /** Not measured: turning metrics on and off, and what that leaves on the heap. */
  begin: ({ name, metered = false }) => {
    metrics.get(name)?.meter?.(metered);
    globalThis.gc?.();
    began = process.cpuUsage();
  },
  /** CPU time of one reading of the register, µs. */
  read: async ({ name }) => {
    const before = process.cpuUsage();
    await metrics.get(name).read();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  },
  /** The CPU time until all has been read, µs. Bare handlers count frames, the others closes, with which floods end. */
  end: async ({ name, frames, closes }) => {
    const counts = seen.get(name);
    const until = { frames: counts.until?.frames ?? 0, closes: counts.until?.closes ?? 0 };
    counts.until = { frames: until.frames + frames, closes: until.closes + closes };
    while (counts.frames < counts.until.frames && counts.closes < counts.until.closes) await pause(3);
    const { user, system } = process.cpuUsage(began);
    return user + system;
  },
});
