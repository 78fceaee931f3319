import type { Fault, Faults, RandomFault } from '../../src/testing/index.ts';
import type { ChaosVenue } from './venues.ts';
import type { SeriesKey } from './visits.ts';

type Act = RandomFault['run'];
type Random = () => number;

const between = (random: Random, least: number, most: number): number => least + Math.floor(random() * (most - least));
const few = (random: Random): number => between(random, 1, 6);
const one = <T>(random: Random, ...list: readonly [T, ...T[]]): T => list[between(random, 0, list.length)] ?? list[0];

function forAWhile(fault: Fault, ms: number): void {
  setTimeout(() => { fault.stop(); }, ms).unref(); // prettier-ignore
}

/** Shows REST's past for a while. Together they stay below the settle time of the spot market, 1000 ms. */
function blur({ rest }: Faults, random: Random): void {
  rest.lag(between(random, 0, 450));
  rest.unsettled(between(random, 0, 450));
  rest.flicker({ rows: 0.02 * random(), answers: 0.3 * random() });
}

/** Any one topic of five falls silent, or all topics of one connection. */
function silence({ stream }: Faults, random: Random): void {
  const fifth = between(random, 0, 5);
  const one = random() < 0.3;
  let connection = 0;
  const fault = stream.silence({
    match: (topic) => {
      connection ||= topic.connection;
      return one ? topic.connection === connection : topic.topic.charCodeAt(1) % 5 === fifth;
    },
  });
  forAWhile(fault, between(random, 1000, 8000));
}

const STREAM: Readonly<Record<string, Act>> = {
  'drop one': ({ stream }, random) => stream.drop(one(random, 'newest', 'oldest')),
  'drop all': ({ stream }) => stream.drop(),
  'half-open': ({ stream }, random) => stream.halfOpen(one(random, 'newest', 'oldest', 'all')),
  'clean close': ({ stream }, random) => stream.close(one(random, 1000, 1001, 1008, 1012), 'bye'),
  shutdown: ({ stream }, random) => stream.shutdown(one(random, 0, 200, 1000, 3000)),
  refuse: ({ stream }, random) => stream.refuse(one(random, 429, 500, 503), { next: few(random), retryAfter: 1 }),
  'refuse TCP': ({ stream }, random) => {
    stream.refuseTcp(between(random, 200, 4000));
    stream.drop();
  },
  'slow handshake': ({ stream }, random) => stream.delayHandshake(between(random, 100, 3000), { next: few(random) }),
  flap: ({ stream }, random) => {
    stream.flap(one(random, 'open', 'ack'), { next: few(random), ...(random() < 0.5 && { code: 1001 }) });
    stream.drop();
  },
  'swallow acks': ({ stream }, random) => stream.swallowAcks({ next: few(random) }),
  silence,
  'lose closes': ({ stream }, random) => stream.loseCloses({ next: 10 * few(random), probability: 0.5 }),
  'double closes': ({ stream }, random) => stream.doubleCloses({ next: 10 * few(random) }),
  'late closes': ({ stream }, random) => stream.delayCloses(between(random, 0, 5000), { next: 10 * few(random) }),
  'disordered closes': ({ stream }, random) => stream.disorderCloses({ next: 10 * few(random) }),
  'rewritten closes': ({ stream }, random) =>
    stream.rewriteCloses(
      one(random, 'no B', 'extra fields', 'spaced', 'shuffled', 'bad JSON', 'truncated', 'wrong types', 'missing fields'),
      { next: 10 * few(random) },
    ),
  garbage: ({ stream }, random) =>
    stream.garbage(one(random, 'bad JSON', 'truncated', 'wrong types', 'unknown event', 'not an object', 'empty', 'binary')),
}; // prettier-ignore

/** Answers to `/time` fail, but are never slow: half of the time a slow answer takes nobody could tell the exchange's time. */
const notTime = { match: ({ kind }: { readonly kind: string }) => kind !== 'time' };

const REST: Readonly<Record<string, Act>> = {
  fail: ({ rest }, random) => rest.fail(one(random, 500, 502, 503, 504), { next: 3 * few(random) }),
  'too many': ({ rest }, random) => rest.fail(429, { next: 1, retryAfter: between(random, 1, 4) }),
  // Without Retry-After a client waits for the firewall a minute, which is longer than a run.
  firewall: ({ rest }) => rest.fail(403, { next: 1, retryAfter: 2 }),
  banned: ({ rest }, random) => rest.fail(418, { next: 1, retryAfter: between(random, 1, 4) }),
  'banned in words': ({ rest }, random) => rest.banInWords(between(random, 1000, 4000), { next: 1 }),
  slow: ({ rest }, random) => rest.slow(between(random, 50, 2500), { ...notTime, next: 3 * few(random) }),
  hang: ({ rest }, random) => rest.hang({ next: few(random) }),
  reset: ({ rest }, random) => rest.reset({ next: few(random) }),
  cut: ({ rest }, random) => rest.cut({ next: few(random) }),
  stall: ({ rest }, random) => rest.stall({ next: few(random) }),
  'bad body': ({ rest }, random) =>
    rest.badBody(
      one(random, 'html', 'object', 'string', 'empty array', 'empty', 'wrong rows', 'short rows', 'unordered', 'null prices'),
      { next: 2 * few(random) },
    ),
  down: ({ rest }, random) => forAWhile(rest.fail(503), between(random, 500, 4000)),
  blur,
}; // prettier-ignore

/** OKX's rows say themselves whether they are final: how far back an answer goes need not stay below a settle time. */
export const BACK_IN_TIME: RandomFault = {
  name: 'REST: back in time',
  run: ({ rest }, random) => rest.goBack(between(random, 200, 3000), 0.3 * random()),
};

/** Every fault of stream and REST that costs a client time, and must not cost it a candle. */
export const CHAOS: readonly RandomFault[] = [
  ...Object.entries(STREAM).map(([name, run]) => ({ name: `stream: ${name}`, run })),
  ...Object.entries(REST).map(([name, run]) => ({ name: `REST: ${name}`, run })),
];

/** One candle that stands as around the outages of 2018, or cannot be one, in times from the beginning of its slot. */
interface Odd {
  readonly opensAt?: number;
  readonly closeTime?: number;
  readonly values?: { readonly volume?: string; readonly high?: string } | undefined;
}

/** In parts of a candle's length, but for `values`. */
const ODDITIES: readonly Odd[] = [
  { closeTime: 0.4 },
  { opensAt: 0.3 },
  { opensAt: 0.3, closeTime: 1.3 },
  { closeTime: 1.001 },
  { closeTime: 1.999 },
  { closeTime: 2 },
  { values: { volume: '-1' } },
  { values: { high: 'NaN' } },
];

/** Where a candle stands. */
interface Slot {
  readonly series: SeriesKey;
  readonly openTime: number;
  readonly venue: ChaosVenue;
}

/** Makes the candle of a slot odd in some way; whether it can be a candle still. */
export function spoil({ market }: Faults, { series, openTime, venue }: Slot, random: Random): boolean {
  const odd = ODDITIES[between(random, 0, ODDITIES.length)] ?? {};
  const { opensAt = 0, closeTime = 1, values }: Odd = venue.rowsTellClose ? odd : { values: odd.values };
  const at = (part: number) => openTime + part * venue.lengthMs;
  market.oddCandle({
    ...series,
    openTime,
    opensAt: at(opensAt),
    closeTime: at(closeTime) - 1,
    ...(values && { values }),
  });
  return values === undefined;
}
