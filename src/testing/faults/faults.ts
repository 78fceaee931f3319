import { MarketFaults, type StatusChange } from './market-faults.ts';
import { createRandom } from '../market/random.ts';
import { RestFaults } from './rest-faults.ts';
import type { Fault } from './rules.ts';
import { StreamFaults, type StreamFaultTargets } from './stream-faults.ts';

/** One entry of a random schedule: what happens, and how often compared with the others. */
export interface RandomFault {
  readonly name: string;
  /** Default 1. */
  readonly weight?: number | undefined;
  readonly run: (faults: Faults, random: () => number) => void;
}

/** Which faults come at random, and how often. */
export interface RandomFaultOptions {
  /** Same seed, same faults in the same order at the same distances. */
  readonly seed: number;
  /** Mean distance between faults, ms. Default 1000. */
  readonly everyMs?: number | undefined;
  /** Default `RANDOM_FAULTS`: everything a client must survive without losing a candle. */
  readonly faults?: readonly RandomFault[] | undefined;
}

const few = (random: () => number): number => 1 + Math.floor(random() * 5);

/** Faults that cost time and never a candle; none of them ends a series. */
export const RANDOM_FAULTS: readonly RandomFault[] = [
  { name: 'drop one', weight: 2, run: ({ stream }) => stream.drop('newest') },
  { name: 'drop all', run: ({ stream }) => stream.drop() },
  { name: 'close 1001', run: ({ stream }) => stream.close(1001, 'going away') },
  { name: 'server shutdown', run: ({ stream }) => stream.shutdown() },
  { name: 'refuse', run: ({ stream }, random) => stream.refuse(503, { next: few(random) }) },
  { name: 'flap', run: ({ stream }, random) => stream.flap('ack', { next: few(random) }) },
  { name: 'swallow acks', run: ({ stream }) => stream.swallowAcks({ next: 1 }) },
  { name: 'lose closes', weight: 4, run: ({ stream }, random) => stream.loseCloses({ next: few(random) }) },
  { name: 'double closes', weight: 3, run: ({ stream }, random) => stream.doubleCloses({ next: few(random) }) },
  {
    name: 'late closes',
    weight: 3,
    run: ({ stream }, random) => stream.delayCloses(Math.floor(5000 * random()), { next: few(random) }),
  },
  { name: 'disordered closes', weight: 3, run: ({ stream }, random) => stream.disorderCloses({ next: few(random) }) },
  {
    name: 'damaged closes',
    weight: 2,
    run: ({ stream }, random) => stream.rewriteCloses('truncated', { next: few(random) }),
  },
  { name: 'garbage', weight: 2, run: ({ stream }) => stream.garbage('wrong types') },
  { name: 'REST 503', run: ({ rest }, random) => rest.fail(503, { next: few(random) }) },
  { name: 'REST 429', run: ({ rest }) => rest.fail(429, { next: 1, retryAfter: 1 }) },
  { name: 'REST ban in words', run: ({ rest }, random) => rest.banInWords(1000 + 2000 * random(), { next: 1 }) },
  { name: 'REST slow', run: ({ rest }, random) => rest.slow(Math.floor(3000 * random()), { next: few(random) }) },
  { name: 'REST hangs', run: ({ rest }) => rest.hang({ next: 1 }) },
  { name: 'REST cut', run: ({ rest }, random) => rest.cut({ next: few(random) }) },
  { name: 'REST garbage', run: ({ rest }, random) => rest.badBody('html', { next: few(random) }) },
];

/** Everything that can be made to go wrong: `exchange.faults`. */
export class Faults {
  readonly stream: StreamFaults;
  readonly rest: RestFaults;
  readonly market: MarketFaults;
  private readonly schedules = new Set<Fault>();

  constructor(
    targets: StreamFaultTargets & { readonly onStatus: (change: StatusChange) => void },
    random: () => number,
  ) {
    this.stream = new StreamFaults(targets, random);
    this.rest = new RestFaults(random);
    this.market = new MarketFaults(targets.onStatus);
  }

  /** Random faults until stopped; `hits` counts them. */
  random(options: RandomFaultOptions): Fault {
    const random = createRandom(options.seed);
    const faults = options.faults ?? RANDOM_FAULTS;
    if (faults.length === 0) throw new RangeError('random faults need at least one fault');
    let timer: NodeJS.Timeout | undefined;
    const schedule = { hits: 0, stop: () => { clearTimeout(timer); this.schedules.delete(schedule); } }; // prettier-ignore
    const wait = (): void => {
      timer = setTimeout(
        () => {
          schedule.hits++;
          picked(faults, random)?.run(this, random);
          wait();
        },
        (options.everyMs ?? 1000) * (0.5 + random()),
      );
    };
    this.schedules.add(schedule);
    wait();
    return schedule;
  }

  /** Ends every fault that lasts. Holes are the market's own and stay; so do statuses. */
  clear(): void {
    for (const schedule of [...this.schedules]) schedule.stop();
    this.stream.clear();
    this.rest.clear();
  }
}

function picked(faults: readonly RandomFault[], random: () => number): RandomFault | undefined {
  const total = faults.reduce((sum, fault) => sum + (fault.weight ?? 1), 0);
  let left = random() * total;
  return faults.find((fault) => (left -= fault.weight ?? 1) < 0) ?? faults.at(-1);
}
