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

/** A kline as Binance sends it, keys in its order. The volume of a close is the time at which it was written, µs. */
function klineText({ symbol, interval, openTime, closed }) {
  const length = LENGTH_MS[interval];
  const data =
    `{"e":"kline","E":${exchangeNow()},"s":"${symbol}","k":{"t":${openTime},"T":${openTime + length - 1},` +
    `"s":"${symbol}","i":"${interval}","f":8153633367,"L":8153634395,"o":"83084.90","c":"83091.60","h":"83091.70",` +
    `"l":"83051.20","v":"${closed ? '0'.repeat(16) : '13.551'}","n":1027,"x":${closed},"q":"1125714.73960",` +
    `"V":"6.426","Q":"533856.66860","B":"0"}}`;
  return data;
}

function frameOf(text) {
  const payload = Buffer.from(text);
  const header = Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, payload]);
}

/** One series on one connection: its open frame, made once, and its closes, one candle after the other. */
export class TopicFrames {
  constructor(topic, combined) {
    const [name, interval] = topic.split('@kline_');
    this.length = LENGTH_MS[interval];
    const now = exchangeNow();
    this.openTime = now - (now % this.length);
    const wrap = (data) => frameOf(combined ? `{"stream":"${topic}","data":${data}}` : data);
    const kline = { symbol: name.toUpperCase(), interval, openTime: this.openTime };
    this.open = wrap(klineText({ ...kline, closed: false }));
    this.close = wrap(klineText({ ...kline, closed: true }));
    this.places = placesIn(this.close);
  }

  get closeLength() {
    return this.close.length;
  }

  /** Writes the next close into a buffer. */
  writeClose(target, at) {
    const { close, places, openTime, length } = this;
    close.latin1Write(String(exchangeNow()), places['"E":']);
    close.latin1Write(String(openTime), places['"t":']);
    close.latin1Write(String(openTime + length - 1), places['"T":']);
    close.latin1Write(microseconds(), places['"v":"']);
    this.openTime += length;
    this.moveOn(this.open, 0);
    return close.copy(target, at);
  }

  /** The open frame that begins at `start` is of the next candle from now on. */
  moveOn(bytes, start) {
    const { openTime, length, places } = this;
    bytes.latin1Write(String(openTime), start + places['"t":']);
    bytes.latin1Write(String(openTime + length - 1), start + places['"T":']);
  }

  nextClose() {
    const frame = Buffer.allocUnsafe(this.close.length);
    this.writeClose(frame, 0);
    return frame;
  }
}

/** Where the values begin that change; those before the volume lie alike in open frames and closes. */
function placesIn(frame) {
  return Object.fromEntries(['"E":', '"t":', '"T":', '"v":"'].map((key) => [key, frame.indexOf(key) + key.length]));
}
