import { answer, pause } from '../lib/processes.mjs';
import { contenders } from './contenders.mjs';

/** Several contenders in one process, each on a server of its own: `turns.mjs`. */
const read = new Map();
const scrapes = new Map();
let began;

answer({
  exit: () => process.exit(),
  start: async ({ name, contender, ...target }) => {
    const counts = { frames: 0, closes: 0 };
    read.set(name, counts);
    const onClose = () => counts.closes++;
    const made = await contenders[contender](target, onClose, () => counts.frames++);
    scrapes.set(name, made?.scrape);
  },
  begin: ({ name, scrape }) => {
    began = process.cpuUsage();
    if (scrape) void scrapes.get(name)?.();
  },
  /** The CPU time until all has been read, µs. Bare handlers count frames, the others closes, with which floods end. */
  end: async ({ name, frames, closes }) => {
    const counts = read.get(name);
    const until = { frames: counts.until?.frames ?? 0, closes: counts.until?.closes ?? 0 };
    counts.until = { frames: until.frames + frames, closes: until.closes + closes };
    while (counts.frames < counts.until.frames && counts.closes < counts.until.closes) await pause(3);
    const { user, system } = process.cpuUsage(began);
    return user + system;
  },
});
