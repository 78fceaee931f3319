const BARS = '▁▂▃▄▅▆▇█';

/** Values as bars from the lowest to the highest of them, one character each. */
export function sparkline(values: readonly number[]): string {
  const low = Math.min(...values);
  const step = (Math.max(...values) - low) / (BARS.length - 1);
  return values.map((value) => BARS.charAt(step === 0 ? 3 : Math.round((value - low) / step))).join('');
}
