import { chanceOf } from './sim-random.ts';

/** What may go wrong. The stream's first, then REST's. */
export const STREAM_FAULTS = [
  'refuse', 'slow handshake', 'no ack', 'drop', 'half-open', 'shutdown', 'silence', 'silent topic',
  'lose close', 'double close', 'late close', 'garbage',
] as const; // prettier-ignore
export const REST_FAULTS = [
  'network', 'timeout', 'server', 'malformed', 'rate limited', 'banned', 'slow', 'hang',
  'left-out row', 'empty answer', 'no time', 'no symbols',
] as const; // prettier-ignore

export type Fault = (typeof STREAM_FAULTS)[number] | (typeof REST_FAULTS)[number];

/** One fault for a while, hitting a share of what it may hit. */
export interface Spell {
  readonly fault: Fault;
  /** Ms after the start, by the exchange's clock. */
  readonly from: number;
  readonly lasts: number;
  readonly share: number;
}

/** What goes wrong when: the same question at the same moment has the same answer. */
export class Weather {
  readonly #spells: readonly Spell[];
  readonly #startsAt: number;
  readonly #seed: number;
  #asked = 0;

  constructor(spells: readonly Spell[], { startsAt, seed }: { startsAt: number; seed: number }) {
    this.#spells = spells;
    this.#startsAt = startsAt;
    this.#seed = seed;
  }

  get spells(): readonly Spell[] {
    return this.#spells;
  }

  /** Whether a fault hits now. */
  hits(fault: Fault, now: number): boolean {
    return this.hitsThis(fault, now, String(this.#asked++));
  }

  /** Whether a fault hits one thing; for all of the spell it does or does not. */
  hitsThis(fault: Fault, now: number, what: string): boolean {
    const time = now - this.#startsAt;
    return this.#spells.some(
      (spell, index) =>
        spell.fault === fault &&
        spell.from <= time &&
        time < spell.from + spell.lasts &&
        chanceOf(this.#seed, index, what) < spell.share,
    );
  }

  /** A number in [0, 1), a new one each time. */
  roll(): number {
    return chanceOf(this.#seed, 'roll', this.#asked++);
  }
}
