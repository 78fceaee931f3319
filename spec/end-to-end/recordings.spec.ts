import { describe, expect, it } from 'vitest';
import { isInterval, type Candle, type Interval, type VenueId } from 'rx-candles';
import type { PlayedFrame } from 'rx-candles/testing';
import { HAS_RECORDINGS, recordings, type Recording } from '../support/recordings.ts';
import { rig, statusOf, until } from './rig.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A recorded message, read by nothing but `JSON.parse`. */
interface Said {
  readonly text: string;
  readonly at: number;
  readonly k: Fields | undefined;
}

const HOUR = 3_600_000;

function read(text: string): Said {
  const message = JSON.parse(text) as { data?: Fields } & Fields;
  const said = message.data ?? message;
  return { text, at: Number(said['E'] ?? 0), k: said['e'] === 'kline' ? (said['k'] as Fields) : undefined };
}

/** A file of snippets holds moments that lie years apart: each is a session of its own. */
function sessionsOf({ frames }: Recording): Said[][] {
  const sessions: Said[][] = [];
  let last = -Infinity;
  for (const said of frames.map(read)) {
    const at = said.at === 0 ? last : said.at;
    if (sessions.length === 0 || Math.abs(at - last) > HOUR) sessions.push([]);
    sessions.at(-1)?.push(said);
    last = at;
  }
  return sessions;
}

function candleOf(k: Fields, venue: VenueId): Fields {
  return {
    venue, symbol: k['s'], interval: k['i'], timestamp: k['t'], closeTime: k['T'], open: Number(k['o']),
    high: Number(k['h']), low: Number(k['l']), close: Number(k['c']), volume: Number(k['v']), trades: k['n'],
    quoteVolume: Number(k['q']), takerBuyVolume: Number(k['V']), takerBuyQuoteVolume: Number(k['Q']), source: 'stream',
  }; // prettier-ignore
}

/** Every series that is spoken of. */
function seriesOf(session: readonly Said[]): (readonly [symbol: string, interval: Interval])[] {
  const names = new Set(session.flatMap(({ k }) => (k === undefined ? [] : [`${String(k['s'])} ${String(k['i'])}`])));
  return [...names].map((name) => {
    const [symbol = '', interval = ''] = name.split(' ');
    if (!isInterval(interval)) throw new Error(`no interval: ${interval}`);
    return [symbol, interval] as const;
  });
}

/** A little before the first frame, and before the end of the first candle that closes. */
function startOf(session: readonly Said[]): number {
  const ends = session.flatMap(({ k }) => (k?.['x'] === true ? [Number(k['T'])] : []));
  const times = session.flatMap(({ at }) => (at === 0 ? [] : [at]));
  return Math.min(...times, ...ends) - 500;
}

const played = ({ text, at }: Said): PlayedFrame => (at === 0 ? text : { at, data: text });

interface Heard {
  readonly candles: readonly Candle[];
  readonly rejected: number;
  /** Running candles that did not prove themselves by their bytes. */
  readonly decodedInFull: number;
}

/** Plays one session through the real pipeline; a last message that nobody can understand shows that all were read. */
async function play(session: readonly Said[], venue: VenueId): Promise<Heard> {
  const series = seriesOf(session);
  const symbols = { [venue]: [...new Set(['BTCUSDT', ...series.map(([symbol]) => symbol)])] };
  await using r = await rig({ venue, exchange: { publish: false, startAt: startOf(session), symbols } });
  // The fake's own candles are others than the recorded ones: only the stream has those.
  r.exchange.faults.rest.fail(503, { match: ({ kind }) => kind === 'klines' });
  const candles: Candle[] = [];
  // However long a busy machine took to come this far: nobody subscribes after the first close.
  r.exchange.clock.jump(startOf(session) - r.exchange.now());
  const closes = session.filter(({ k }) => k?.['x'] === true).length;
  for (const [symbol, interval] of series.length > 0 ? series : [['BTCUSDT', '1m'] as const]) {
    r.feed.closedCandles$(symbol, interval).subscribe((candle) => candles.push(candle));
  }
  // The recording's clock leaps; let the feed learn first what time it was when it subscribed.
  await until(() => statusOf(r.feed).clockOffsetMs !== null, 'the clock');
  await r.exchange.playFrames(session.map(played));
  r.exchange.faults.stream.send('the end');
  const allRead = (): boolean => r.of('FRAME_REJECTED').some(({ excerpt }) => excerpt === 'the end');
  await until(() => candles.length >= closes && allRead(), 'the end of a recording');
  const { framesDecodedInFull: decodedInFull } = statusOf(r.feed);
  return { candles, rejected: r.of('FRAME_REJECTED').length - 1, decodedInFull };
}

async function playAll(recording: Recording) {
  const { file, venue, frames } = recording;
  const sessions = sessionsOf(recording);
  const heard = await Promise.all(sessions.map((session) => play(session, venue)));
  for (const [at, { candles }] of heard.entries()) {
    const closed = (sessions[at] ?? []).flatMap(({ k }) => (k?.['x'] === true ? [candleOf(k, venue)] : []));
    expect(candles).toEqual(closed);
  }
  const closes = heard.reduce((sum, { candles }) => sum + candles.length, 0);
  const rejected = heard.reduce((sum, one) => sum + one.rejected, 0);
  const decodedInFull = heard.reduce((sum, one) => sum + one.decodedInFull, 0);
  return { file: file.replace(/^.*\//, ''), frames: frames.length, closes, rejected, decodedInFull };
}

describe.skipIf(!HAS_RECORDINGS)('recorded sessions of the real exchange, played over a real socket', () => {
  it('come out as exactly their closed candles, reject nothing, and have no running candle decoded in full', async () => {
    const table = await Promise.all(recordings().map(playAll));
    console.table(table);
    expect(table).toEqual(
      [
        { file: 'usdm-2021-07-22.kline+aggTrade.jsonl', frames: 158, closes: 4, rejected: 0 },
        { file: 'coinm-2021-07-22.kline+aggTrade.jsonl', frames: 84, closes: 0, rejected: 0 },
        { file: 'spot-2021-08-14.kline+aggTrade.jsonl', frames: 45, closes: 2, rejected: 0 },
        { file: 'usdm-btcusdt-1m-close-2024-06-30.combined.jsonl', frames: 3, closes: 1, rejected: 0 },
        { file: 'spot-btcusdt-5m-close-2021-06-21.raw.jsonl', frames: 8, closes: 1, rejected: 0 },
        { file: 'spot-btcusdt-5m-forming-2021-09-14.raw.jsonl', frames: 49, closes: 0, rejected: 0 },
        { file: 'crypto-msg-parser-klines-2022-05-29.combined.jsonl', frames: 5, closes: 0, rejected: 0 },
        { file: 'misc-single-frames.jsonl', frames: 10, closes: 1, rejected: 0 },
        { file: 'usdm-reconnect-transcript-2025-01-26.txt', frames: 8, closes: 0, rejected: 0 },
        { file: 'binance-frames-2023-2026.jsonl', frames: 4, closes: 1, rejected: 0 },
        { file: 'binance-frames-2023-2026.jsonl', frames: 5, closes: 2, rejected: 0 },
      ].map((one) => ({ ...one, decodedInFull: 0 })),
    );
  });
});
