const FIELDS = ['open', 'high', 'low', 'close', 'volume'];

/** How what a client gave of one series differs from what the exchange had, for open times that count. */
export function compare(received, truth) {
  const right = new Map(truth.map((candle) => [candle.timestamp, candle]));
  const seen = new Set();
  const sums = { expected: truth.length, missing: 0, doubled: 0, disordered: 0, wrong: 0 };
  let last = -Infinity;
  for (const candle of received) {
    const { timestamp } = candle;
    if (right.has(timestamp)) {
      if (seen.has(timestamp)) sums.doubled++;
      else if (timestamp < last) sums.disordered++;
      if (!seen.has(timestamp) && FIELDS.some((field) => candle[field] !== right.get(timestamp)[field])) sums.wrong++;
      seen.add(timestamp);
    }
    last = Math.max(last, timestamp);
  }
  sums.missing = truth.filter(({ timestamp }) => !seen.has(timestamp)).length;
  return sums;
}

export function add(one, other) {
  return Object.fromEntries(Object.keys(one).map((key) => [key, one[key] + other[key]]));
}
