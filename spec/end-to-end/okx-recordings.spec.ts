import { describe, expect, it } from 'vitest';
import type { Candle } from 'rx-candles';
import { plainRow, recordedOkx } from '../venues/okx/samples.ts';
import { rig, statusOf, until } from './rig.ts';

interface Frame {
  readonly arg: { readonly channel: string; readonly instId: string };
  readonly data: readonly (readonly string[])[];
}

const { frames, bodies } = recordedOkx();
const MINUTE = 60_000;

/** Plays frames through the real pipeline; a last message that nobody can understand shows that all were read. */
async function played(symbol: string, at: number, texts: readonly string[]) {
  await using r = await rig({ venue: 'okx', exchange: { publish: false, startAt: at, symbols: { okx: [symbol] } } });
  // The fake's own candles are others than the recorded ones: only the stream has those.
  r.exchange.faults.rest.fail(503, { match: ({ kind }) => kind === 'klines' });
  const { candles } = r.listen(symbol, '1m');
  await until(() => statusOf(r.feed).clockOffsetMs !== null, 'the clock');
  await r.exchange.playFrames([...texts, 'the end']);
  await until(() => r.of('FRAME_REJECTED').some(({ excerpt }) => excerpt === 'the end'), 'the end of the frames');
  return { candles, rejected: r.of('FRAME_REJECTED').length - 1, decodedInFull: statusOf(r.feed).framesDecodedInFull };
}

describe.skipIf(frames.length === 0)('what OKX has sent, through the real pipeline', () => {
  it.each(frames)('closes nothing, as none of it says that it is closed: %s', async (text) => {
    const { arg, data } = JSON.parse(text) as Frame;
    const heard = await played(arg.instId, Number(data[0]?.[0]) + MINUTE / 2, [text, text]);
    expect(heard).toEqual({ candles: [], rejected: 0, decodedInFull: 0 });
  });

  it.each(frames.filter((text) => text.includes('"0"]]}') && !text.includes('index')))(
    'with confirm 1 put in place of 0 is one candle, field by field: %s',
    async (text) => {
      const { arg, data } = JSON.parse(text) as Frame;
      const [row = []] = data;
      const close = text.replace('"0"]]}', '"1"]]}');
      const { candles, rejected } = await played(arg.instId, Number(row[0]) + MINUTE / 2, [text, close, close]);
      expect(candles).toEqual([plainRow([...row.slice(0, 8), '1'], arg.instId, '1m', 'stream').candle]);
      expect(rejected).toBe(0);
    },
  );

  it.each(bodies)('over REST is read as the closed candles that it holds: %s %s', async (symbol, interval, body) => {
    const { data } = JSON.parse(body) as { data: string[][] };
    const closed = data.filter((row) => row[8] === '1').toReversed();
    const [from, to] = [Number(closed[0]?.[0]), Number(data[0]?.[0]) + 1];
    await using r = await rig({ venue: 'okx', exchange: { startAt: to + MINUTE, symbols: { okx: [symbol] } } });
    r.exchange.faults.rest.fail(200, { body, match: ({ kind }) => kind === 'klines' });
    const got: Candle[] = [];
    const end = closed.length === data.length ? to : to - 1;
    r.feed.history$(symbol, interval, { from, to: end }).subscribe((candle) => got.push(candle));
    await until(() => got.length === closed.length, 'the past');
    const source = got[0]?.source ?? 'history';
    expect(got).toEqual(closed.map((row) => plainRow(row, symbol, interval, source).candle));
  });
});
