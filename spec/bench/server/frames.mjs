import { LENGTH_MS } from '../lib/series.mjs';

/**
 * The exchange's time: it starts at the same second of an hour in every run, so that no run comes across a boundary
 * that another does not.
 */
const STARTED_AT = Date.UTC(2026, 10, 22, 12, 0, 1);
const startedAt = performance.now();
export const exchangeNow = () => Math.floor(STARTED_AT + performance.now() - startedAt);

/** Monotonic µs of the machine, the same in every process. Sixteen digits, so that they fit a frame's place. */
const microseconds = () => String(process.hrtime.bigint() / 1000n).padStart(16, '0');

/**
 * How the markets write one kline, as recorded in 2025 and 2026: USDⓈ-M has a space after each comma inside `k`, spot has
 * none and pads to eight decimals. COIN-M is as compact as spot, without its zeros.
 */
const SPELLINGS = {
  'binance-usdm': { between: ', ', decimals: (text) => text },
  'binance-spot': { between: ',', decimals: (text) => text.padEnd(text.indexOf('.') + 9, '0') },
};

/** A kline as Binance sends it, keys in its order. The volume of a close is the time at which it was written, µs. */
function klineText({ venue, symbol, interval, openTime, closed }) {
  const { between, decimals } = SPELLINGS[venue];
  const text = (value) => `"${decimals(value)}"`;
  const k = {
    t: openTime, T: openTime + LENGTH_MS[interval] - 1, s: `"${symbol}"`, i: `"${interval}"`, f: 8153633367, L: 8153634395,
    o: text('83084.90'), c: text('83091.60'), h: text('83100.00'), l: text('83000.00'),
    v: closed ? `"${'0'.repeat(16)}"` : text('13.551'), n: 1027, x: closed, q: text('1125714.73960'),
    V: text('6.426'), Q: text('533856.66860'), B: '"0"',
  }; // prettier-ignore
  const members = Object.entries(k).map(([key, value]) => `"${key}":${value}`);
  return `{"e":"kline","E":${exchangeNow()},"s":"${symbol}","k":{${members.join(between)}}}`;
}

function frameOf(text) {
  const payload = Buffer.from(text);
  const header = Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, payload]);
}

/** Places of a frame's keys, each with its colon. */
function placesOf(frame, keys) {
  return Object.fromEntries(keys.map((key) => [key, frame.indexOf(`"${key}":`) + key.length + 3]));
}

/** Digits that differ from one update to the next: the last of `c`, `v`, `q`, `V` and `Q`, points left out. */
const LAST_DIGITS = { c: [4, 5, 7, 8], v: [4, 5, 6], q: [10, 11, 12, 13], V: [3, 4, 5], Q: [9, 10, 11, 12] };

function digitPlaces(frame) {
  const places = placesOf(frame, Object.keys(LAST_DIGITS));
  return Object.entries(LAST_DIGITS).flatMap(([key, offsets]) => offsets.map((offset) => places[key] + offset));
}

const DIGITS = new Uint8Array(65_536);
for (let index = 0, seed = 1; index < DIGITS.length; index++) {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  DIGITS[index] = 0x30 + Math.floor((seed / 2 ** 32) * 10);
}
let lastDigit = 0;

/** Parsers are quicker on strings that they have seen before: on the market each update has new ones. */
export function vary(bytes, places, { first = 0, before = places.length, shift = 0 } = {}) {
  for (let index = first; index < before; index++) bytes[places[index] + shift] = DIGITS[++lastDigit & 0xffff];
}

/** One series on one connection: its open frame, made once, and its closes, one candle after the other. */
export class TopicFrames {
  constructor(topic, { combined, venue }) {
    const [name, interval] = topic.split('@kline_');
    this.length = LENGTH_MS[interval];
    const now = exchangeNow();
    this.openTime = now - (now % this.length);
    const wrap = (data) => frameOf(combined ? `{"stream":"${topic}","data":${data}}` : data);
    const kline = { venue, symbol: name.toUpperCase(), interval, openTime: this.openTime };
    this.open = wrap(klineText({ ...kline, closed: false }));
    this.digits = digitPlaces(this.open);
    this.close = wrap(klineText({ ...kline, closed: true }));
    this.places = placesOf(this.close, ['E', 't', 'T', 'v']);
  }

  /** Writes the next close into a buffer. */
  writeClose(target, at) {
    const { close, places } = this;
    close.latin1Write(String(exchangeNow()), places.E);
    close.latin1Write(microseconds(), places.v + 1);
    this.moveOn(close, 0);
    this.openTime += this.length;
    this.moveOn(this.open, 0);
    return close.copy(target, at);
  }

  /** The frame that begins at `start` is of the present candle from now on. */
  moveOn(bytes, start) {
    const { openTime, length, places } = this;
    bytes.latin1Write(String(openTime), start + places.t);
    bytes.latin1Write(String(openTime + length - 1), start + places.T);
  }

  nextOpen() {
    const frame = Buffer.from(this.open);
    vary(frame, this.digits);
    return frame;
  }

  nextClose() {
    const frame = Buffer.allocUnsafe(this.close.length);
    this.writeClose(frame, 0);
    return frame;
  }
}
