import { readFileSync } from 'node:fs';
import { LENGTH_MS } from '../lib/series.mjs';
import { VENUES } from '../lib/venues.mjs';

/** As the markets write: recorded, which a spec holds against the recordings; or, of those never recorded, documented. */
const SPELLINGS = { ...read('spellings.json'), ...read('documented.json') };

/**
 * The exchange's time: it starts at the same second of an hour in every run, so that no run comes across a boundary
 * that another does not.
 */
export const STARTED_AT = Date.UTC(2026, 10, 22, 12, 0, 1);
const startedAt = performance.now();
const exchangeNow = () => Math.floor(STARTED_AT + performance.now() - startedAt);

/** Monotonic µs of the machine, the same in every process. Sixteen digits, so that they fit a frame's place. */
const microseconds = () => String(process.hrtime.bigint() / 1000n).padStart(16, '0');

function read(file) {
  return JSON.parse(readFileSync(new URL(`../spelling/${file}`, import.meta.url), 'utf8'));
}

export function frameOf(text) {
  const payload = Buffer.from(text);
  const { length } = payload;
  const header = length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), payload]);
}

/** What is filled in once, and what has its place filled again and again. */
const PLACES = { 'now': 13, 'now seconds': 10, 'open': 13, 'open seconds': 10, 'close': 13, 'next open': 13, 'next close': 13, 'written': 16 }; // prettier-ignore
/** Of each number so many digits differ from one update to the next. */
const VARYING_DIGITS = 3;

/** A frame of a template: its bytes, and where in them what differs stands. */
function fill(template, names) {
  const named = template.replace(/\{(topic|channel|symbol|interval)\}/g, (_, name) => names[name]);
  const places = Object.fromEntries(Object.keys(PLACES).map((name) => [name, []]));
  const digits = [];
  const text = named.replace(/#/g, '5').replace(/\{(\w+(?: \w+)?)\}/g, (_, name) => '0'.repeat(PLACES[name]));
  const header = frameOf(text).length - text.length;
  let shift = header;
  for (const { 0: found, 1: name, index } of named.matchAll(/\{(\w+(?: \w+)?)\}|#[#.]*/g)) {
    if (name === undefined) {
      const inNumber = [...found].flatMap((sign, at) => (sign === '#' ? [index + shift + at] : []));
      digits.push(...inNumber.slice(-VARYING_DIGITS));
    } else {
      places[name].push(index + shift);
      shift += PLACES[name] - found.length;
    }
  }
  return { bytes: frameOf(text), places, digits };
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

/** One series on one connection: its running frame, made once, and its closes, one candle after the other. */
export class TopicFrames {
  constructor(topic, { isRaw, venue }) {
    const names = VENUES[venue].namesOf(topic);
    this.length = LENGTH_MS[names.interval] ?? LENGTH_MS[`${names.interval}m`];
    const now = exchangeNow();
    this.openTime = now - (now % this.length);
    const { running, closed } = SPELLINGS[venue];
    const form = (template) => fill(isRaw ? template.replace(/^.*?"data":(.*)\}$/, '$1') : template, names);
    this.running = form(running);
    this.closed = form(closed);
    this.moveOn(this.running.bytes, 0);
    this.writeNow(this.running);
  }

  /** Writes the next close into a buffer. */
  writeClose(target, at) {
    const { closed } = this;
    this.writeNow(closed);
    this.write(closed, 'written', microseconds());
    this.writeTimes(closed.bytes, 0, closed.places);
    this.openTime += this.length;
    this.moveOn(this.running.bytes, 0);
    return closed.bytes.copy(target, at);
  }

  writeNow(form) {
    const now = exchangeNow();
    this.write(form, 'now', now);
    this.write(form, 'now seconds', Math.floor(now / 1000));
  }

  write({ bytes, places }, name, value) {
    for (const place of places[name]) bytes.latin1Write(String(value), place);
  }

  /** The running frame that begins at `start` is of the present candle from now on. */
  moveOn(bytes, start) {
    this.writeTimes(bytes, start, this.running.places);
  }

  writeTimes(bytes, start, places) {
    const { openTime, length } = this;
    for (const place of places.open) bytes.latin1Write(String(openTime), start + place);
    for (const place of places['open seconds']) bytes.latin1Write(String(openTime / 1000), start + place);
    for (const place of places.close) bytes.latin1Write(String(openTime + length - 1), start + place);
    for (const place of places['next open']) bytes.latin1Write(String(openTime + length), start + place);
    for (const place of places['next close']) bytes.latin1Write(String(openTime + 2 * length - 1), start + place);
  }

  nextOpen() {
    const frame = Buffer.from(this.running.bytes);
    vary(frame, this.running.digits);
    return frame;
  }

  nextClose() {
    const frame = Buffer.allocUnsafe(this.closed.bytes.length);
    this.writeClose(frame, 0);
    return frame;
  }
}
