import type { DelayHistogram } from '../core/delay-histogram.ts';

/** The part that names of metrics and attributes begin with. */
type Name = `rx_candles.${string}`;

interface Described {
  readonly name: Name;
  /** By UCUM, as OpenTelemetry writes units: `s`, or what is counted in braces. */
  readonly unit: string;
  readonly help: string;
}

/** A value, and those of the metric's attributes in their order. */
export type Reading = readonly [value: number, ...attributes: string[]];

/** A figure that is read when somebody collects it. Counters only ever rise. */
export interface Figure<S> extends Described {
  readonly kind: 'counter' | 'gauge';
  /** Its attributes, beside the venue. */
  readonly by: readonly Name[];
  readonly read: (state: S) => readonly Reading[];
}

/** How long something takes. */
export interface Delay<S> extends Described {
  readonly kind: 'histogram';
  readonly unit: 's';
  readonly boundsMs: readonly number[];
  readonly read: (state: S) => DelayHistogram;
}

export type Metric<S> = Figure<S> | Delay<S>;

type Reader<S> = Pick<Figure<S>, 'by' | 'read'>;

/** One value; null while it is not known. */
export function one<S>(read: (state: S) => number | null): Reader<S> {
  return {
    by: [],
    read: (state) => {
      const value = read(state);
      return value === null ? [] : [[value]];
    },
  };
}

/** A value for each key of an object. */
export function each<S>(attribute: string, read: (state: S) => Readonly<Record<string, number>>): Reader<S> {
  return {
    by: [`rx_candles.${attribute}`],
    read: (state) => Object.entries(read(state)).map(([key, value]) => [value, key]),
  };
}
