/** Figures are medians of several runs; the spread is the lowest and the highest of them. */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** `0.51 (0.49–0.55)` */
export function spread(values, digits = 2) {
  const text = (value) => value.toFixed(digits);
  return `${text(median(values))} (${text(Math.min(...values))}–${text(Math.max(...values))})`;
}

/** `0.51 (0.50–0.53)`: the median, and between which half of the values lie. For many runs, of which one or two went wrong. */
export function halfOf(values, digits = 2) {
  const sorted = [...values].sort((a, b) => a - b);
  const [from, to] = [percentile(sorted, 0.25), percentile(sorted, 0.75)].map((value) => value.toFixed(digits));
  return `${median(values).toFixed(digits)} (${from}–${to})`;
}

/** One number per run: what `figure` is in each, divided by what it is in the same run of `base`. */
export function ratios(runs, base, figure) {
  return runs.map((run, index) => figure(run) / figure(base[index]));
}

const RESAMPLES = 2000;

/** The median, and between what 95 % of the medians of samples drawn from these values lie. */
export function bootstrap(values) {
  const draw = () => median(values.map(() => values[Math.floor(Math.random() * values.length)]));
  const medians = Array.from({ length: RESAMPLES }, draw).sort((a, b) => a - b);
  return { median: median(values), low: percentile(medians, 0.025), high: percentile(medians, 0.975) };
}

/** `1.002 (0.998–1.006)`: the median and the interval that `bootstrap` gives. */
export function interval(values, digits = 3) {
  const { median: middle, low, high } = bootstrap(values);
  return `${middle.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}
