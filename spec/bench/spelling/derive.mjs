import { existsSync, readFileSync } from 'node:fs';

/** Recordings of real sessions, which live outside the project. */
const ROOT = new URL('../../../../shared/data/', import.meta.url);
export const HAS_RECORDINGS = existsSync(ROOT);

/** Whose spelling is taken from where: the last frame of a file that fits, of candles of one minute. */
const SOURCES = {
  'binance-usdm': { file: 'snippets/binance-frames-2023-2026.jsonl', has: /^\{"stream".*"k":\{"t":\d+, / },
  'binance-coinm': { file: 'snippets/crypto-msg-parser-klines-2022-05-29.combined.jsonl', has: /"s":"\w+_PERP"/ },
  'binance-spot': { file: 'snippets/binance-frames-2023-2026.jsonl', has: /^\{"stream".*"k":\{"t":\d+,"/ },
  okx: { file: 'okx/candle1m-swap-forming-2023-11-25.json', has: /"channel":"candle/ },
  'bybit-linear': { file: 'bybit/linear-BTC-SOL-2026-08-09.jsonl', has: /"kline\.1\.BTC/ },
  'bybit-spot': { file: 'bybit/spot-BTC-2026-08-09.jsonl', has: /"kline\.1\.BTC/ },
};

/** How frames say whether their candle is closed. */
const RUNNING = /"(?:x|confirm)":false|,"0"\]\]\}$/;
const CLOSED = /"(?:x|confirm)":true|,"1"\]\]\}$/;
const MINUTE = 60_000;

/**
 * How each market spells a frame of a running candle and one of a close, as templates: `#` is any digit, names in braces
 * are what differs from series to series and from candle to candle. No value of a recording is left in them.
 */
export function deriveSpellings() {
  return Object.fromEntries(Object.entries(SOURCES).map(([venue, source]) => [venue, spellingOf(source)]));
}

function spellingOf({ file, has }) {
  const frames = framesIn(file).filter((frame) => has.test(frame));
  const running = frames.findLast((frame) => RUNNING.test(frame) && !CLOSED.test(frame));
  const closed = frames.findLast((frame) => CLOSED.test(frame));
  return {
    source: file,
    running: templateOf(running),
    closeIsRecorded: closed !== undefined,
    closed: withTime(templateOf(closed ?? close(running))),
  };
}

/** One frame a line, bare or in an envelope of the recorder's. */
function framesIn(file) {
  const lines = readFileSync(new URL(file, ROOT), 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const { raw, t, data } = JSON.parse(line);
      return raw ?? (t === 'recv' ? data : line);
    });
}

/** Where no close was recorded, a running candle whose flag is turned. */
const close = (frame) => frame.replace(/("x": ?)false/, '$1true').replace(/,"0"\]\]\}$/, ',"1"]]}');

function templateOf(frame) {
  const flag = /,"[01]"\]\]\}$/.exec(frame)?.[0] ?? '';
  const rest = frame.slice(0, frame.length - flag.length);
  return withoutDigits(withoutTimes(withoutNames(rest))) + flag;
}

function withoutNames(frame) {
  return frame
    .replace(/"(stream|topic)":"[^"]+"/, '"$1":"{topic}"')
    .replace(/"channel":"[^"]+"/, '"channel":"{channel}"')
    .replace(/"(s|instId)":"[^"]+"/g, '"$1":"{symbol}"')
    .replace(/"(i|interval)":"[^"]+"/g, '"$1":"{interval}"');
}

/** The earliest time of a frame is when its candle opens. */
function withoutTimes(frame) {
  const open = Math.min(...frame.match(/\b\d{13}\b/g).map(Number));
  const names = { 0: 'open', [MINUTE - 1]: 'close', [MINUTE]: 'next open', [2 * MINUTE - 1]: 'next close' };
  return frame.replace(/\b\d{13}\b/g, (time) => `{${names[Number(time) - open] ?? 'now'}}`);
}

/** Of each number the first digit stays a digit, such that no high is below a low. */
function withoutDigits(frame) {
  const firsts = { o: 5, c: 5, h: 9, l: 1, open: 5, close: 5, high: 9, low: 1 };
  const named = frame.replace(/"(\w+)":("?)(\d)([\d.]*)/g, (_, name, quote, first, more) => {
    return `"${name}":${quote}${first === '0' ? 0 : (firsts[name] ?? 1)}${more.replace(/\d/g, '#')}`;
  });
  let column = 0;
  return named.replace(/,"(\d)([\d.]*)"/g, (_, first, more) => {
    const [start = 1] = [[5, 9, 1, 5][column++]];
    return `,"${first === '0' ? 0 : start}${more.replace(/\d/g, '#')}"`;
  });
}

/** The first volume of a close has room for the time at which it is written, sixteen digits. */
function withTime(template) {
  const named = template.replace(/"(v|volume)":"[^"]+"/, '"$1":"{written}"');
  return named === template ? template.replace(/^((?:[^,]*,){8}")[^"]+/, '$1{written}') : named;
}
