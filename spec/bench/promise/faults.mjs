/** What strikes all clients at once. `run` gets the faults and a function that waits; `lastsMs` is how long candles count. */
// Cuts fall at three different moments of a second: one between two closes costs a quick client nothing.
export const FAULTS = [
  {
    name: 'TCP reset, 3 times',
    lastsMs: 40_000,
    run: async ({ stream }, wait) => {
      for (let times = 0; times < 3; times++) {
        await wait(9700);
        stream.drop();
      }
    },
  },
  {
    name: 'clean close (1001), 3 times',
    lastsMs: 40_000,
    run: async ({ stream }, wait) => {
      for (let times = 0; times < 3; times++) {
        await wait(9700);
        stream.close(1001, 'going away');
      }
    },
  },
  {
    name: 'server down 8 s',
    lastsMs: 40_000,
    run: async ({ stream }, wait) => {
      await wait(5000);
      stream.refuseTcp(8000);
      stream.drop();
    },
  },
  {
    name: 'half-open peer',
    lastsMs: 60_000,
    run: async ({ stream }, wait) => {
      await wait(5000);
      stream.halfOpen();
    },
  },
  {
    name: 'lost closes (5 %)',
    lastsMs: 40_000,
    run: async ({ stream }) => {
      stream.loseCloses({ probability: 0.05 });
    },
  },
  {
    name: 'late, duplicated and reordered closes (5 % each)',
    lastsMs: 40_000,
    run: async ({ stream }) => {
      stream.delayCloses(1500, { probability: 0.05 });
      stream.doubleCloses({ probability: 0.05 });
      stream.disorderCloses({ probability: 0.05 });
    },
  },
  {
    // The exchange's day is 24 s here; rx-candles rotates after 23 of them, as it does after 23 hours by default.
    name: 'daily disconnect, twice (a day of 24 s)',
    lastsMs: 50_000,
    exchange: { maxAgeMs: 24_000 },
    client: { rotateAfterMs: 23_000 },
    run: async () => {},
  },
];
