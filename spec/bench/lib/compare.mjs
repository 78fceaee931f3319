import { median } from './statistics.mjs';

/** So much above the highest that was committed is still noise: two runs on a busy machine differ by as much. */
const TOLERANCE = 1.15;

/** What is committed of a figure: of several runs, some of them on a busy machine. */
export function rangeOf(values) {
  const rounded = (value) => Number(value.toFixed(2));
  return {
    least: rounded(Math.min(...values)),
    median: rounded(median(values)),
    most: rounded(Math.max(...values)),
  };
}

/** Each figure that is committed or measured, and what is to be thought of it. Lower is better. */
export function compare(committed, measured) {
  const figures = new Set([...Object.keys(committed), ...Object.keys(measured)]);
  return [...figures].map((figure) => ({
    figure,
    committed: committed[figure],
    measured: measured[figure],
    verdict: verdictOn(committed[figure], measured[figure]),
  }));
}

function verdictOn(committed, measured) {
  if (measured === undefined) return 'not measured';
  if (committed === undefined) return 'new';
  if (measured > committed.most * TOLERANCE) return 'worse';
  return measured < committed.least / TOLERANCE ? 'better' : 'as ever';
}

/** Of two looks at the same figures the lower ones: other work on the machine makes them higher, and never lower for long. */
export function lowest(one, other) {
  const least = (figure) => Math.min(one[figure] ?? Infinity, other[figure] ?? Infinity);
  return Object.fromEntries(Object.keys({ ...one, ...other }).map((figure) => [figure, least(figure)]));
}

/** `flood, okx: 0.95, was 0.78 (0.75–0.81): 22 % more` */
export function sentenceOf({ figure, committed, measured }) {
  const { least, median: middle, most } = committed;
  const more = Math.round(100 * (measured / middle - 1));
  return `${figure}: ${measured}, was ${middle} (${least}–${most}): ${more} % more`;
}
