/** What one thing costs, as `npm run bench -- log` measured it; `COSTS='{"deliverUs":3}'` for your own. */
const COSTS = {
  /** Server CPU to store a candle, and to deliver one to one reader. */
  storeUs: 50,
  deliverUs: 1.4,
  /** CPU of a reader's program, for one candle. */
  readUs: 12.5,
  /** Bytes of a candle in the stream; to store one, acknowledgement included; to deliver one. */
  diskBytes: 531,
  storeBytes: 500,
  deliverBytes: 584,
  /** Bytes a second that the server's network carries: 1 Gbit/s. */
  networkBytes: 125e6,
  ...JSON.parse(process.env.COSTS ?? '{}'),
};

const MINUTES = { '1m': 1, '3m': 3, '5m': 5, '15m': 15, '30m': 30, '1h': 60, '2h': 120, '4h': 240, '1d': 1440 };
const ALL = Object.keys(MINUTES);
const DAY = 1440;

/** Another with `SYMBOLS=500 INTERVALS=1m,5m READERS=50 KEEP=10000`; each reader takes all series. */
const CASES = process.env.SYMBOLS
  ? [own(process.env)]
  : [
      { symbols: 600, intervals: ['1m'], readers: 10 },
      { symbols: 600, intervals: ['1m'], readers: 1000 },
      { symbols: 600, intervals: ALL, readers: 100 },
      { symbols: 3000, intervals: ['1m'], readers: 100 },
      { symbols: 3000, intervals: ALL, readers: 1000 },
    ];

function own({ SYMBOLS, INTERVALS = '1m', READERS = '1', KEEP }) {
  const intervals = INTERVALS.split(',');
  const unknown = intervals.filter((interval) => MINUTES[interval] === undefined);
  if (unknown.length > 0) throw new Error(`INTERVALS: of ${ALL.join(',')}, not ${unknown.join(',')}`);
  return { symbols: Number(SYMBOLS), intervals, readers: Number(READERS), keep: KEEP && Number(KEEP) };
}

/** Candles that close with each minute of a day: at midnight all of them do. */
function day({ symbols, intervals }) {
  return Array.from({ length: DAY }, (_, minute) => {
    return symbols * intervals.filter((interval) => minute % MINUTES[interval] === 0).length;
  });
}

const sum = (values) => values.reduce((all, value) => all + value, 0);
const seconds = (us) => Number((us / 1e6).toFixed(2));

function rowOf(one) {
  const { symbols, intervals, readers, keep = 100_000 } = one;
  const closes = day(one);
  const [most, all] = [Math.max(...closes), sum(closes)];
  const wire = most * (COSTS.storeBytes + readers * COSTS.deliverBytes);
  return {
    series: symbols * intervals.length,
    intervals: intervals.length,
    readers,
    'candles/min': Math.round(all / DAY),
    'deliveries/min': Math.round((all / DAY) * readers),
    'at once': most * readers,
    'server CPU at once, s': seconds(most * (COSTS.storeUs + readers * COSTS.deliverUs)),
    'wire at once, MB': Math.round(wire / 1e6),
    'wire at once, s': Number((wire / COSTS.networkBytes).toFixed(2)),
    'CPU of a reader at once, s': seconds(most * COSTS.readUs),
    'disk a day, GB': Number(((all * COSTS.diskBytes) / 1e9).toFixed(2)),
    'disk in the end, GB': Number(((symbols * intervals.length * keep * COSTS.diskBytes) / 1e9).toFixed(0)),
  };
}

/** A day of a log, minute by minute, from what one thing costs. Nothing is run. */
export function scaleOut() {
  return { table: CASES.map(rowOf), goals: [], problems: [] };
}
