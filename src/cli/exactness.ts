import type { Candle } from '../index.ts';

/** How a sequence of candles differs from the one that the exchange has. All zero: it is exact. */
export interface Differences {
  readonly missing: number;
  readonly repeated: number;
  readonly disordered: number;
  /** With other values than the exchange has, or unknown to it. */
  readonly wrong: number;
}

/** Compares what was received with what the exchange has, candle by candle. */
export function differencesOf(received: readonly Candle[], truth: readonly Candle[]): Differences {
  const times = new Set(received.map(({ timestamp }) => timestamp));
  const known = new Map(truth.map((candle) => [candle.timestamp, valuesOf(candle)]));
  return {
    missing: truth.filter(({ timestamp }) => !times.has(timestamp)).length,
    repeated: received.length - times.size,
    disordered: received.filter((candle, index) => candle.timestamp < (received[index - 1]?.timestamp ?? 0)).length,
    wrong: received.filter((candle) => known.get(candle.timestamp) !== valuesOf(candle)).length,
  };
}

export function sumOf(parts: readonly Differences[]): Differences {
  const total = (key: keyof Differences): number => parts.reduce((sum, part) => sum + part[key], 0);
  return {
    missing: total('missing'),
    repeated: total('repeated'),
    disordered: total('disordered'),
    wrong: total('wrong'),
  };
}

/** Everything that two equal candles share: all but the way they came. */
function valuesOf(candle: Candle): string {
  const { source: _, ...values } = candle;
  return JSON.stringify(Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)));
}
