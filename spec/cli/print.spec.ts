import { concat, NEVER, of, Subject, throwError, timer, map, take } from 'rxjs';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ndjson } from '../../src/cli/format.ts';
import { print } from '../../src/cli/print.ts';
import type { Candle } from '../../src/index.ts';
import { candle } from '../support/candle.ts';
import { fakeTerminal } from '../support/terminal.ts';
import { turns, until } from '../support/until.ts';

const minutes = (count: number) => Array.from({ length: count }, (_, minute) => candle(minute));
const format = { head: 'head\n', line: ({ timestamp }: Candle) => `${timestamp / 60_000}\n` };

/** Takes one chunk at a time, each after a while. */
function slowReader(ms: number) {
  let text = '';
  const out = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _, done) {
      text += chunk.toString();
      setTimeout(done, ms);
    },
  });
  return { out, text: () => text };
}

describe('print', () => {
  it('writes head and candles, and resolves at their end', async () => {
    const { terminal, out } = fakeTerminal();
    await print(of(...minutes(3)), format, terminal);
    expect(out()).toBe('head\n0\n1\n2\n');
  });

  it('writes the head before the first candle comes', async () => {
    const { terminal, stop$, out } = fakeTerminal();
    const done = print(NEVER, format, terminal);
    await until(() => out() !== '');
    expect(out()).toBe('head\n');
    stop$.next();
    await done;
  });

  it('loses no candle and no order before a slow reader', async () => {
    const { terminal } = fakeTerminal();
    const { out, text } = slowReader(1);
    await print(of(...minutes(100)), format, { ...terminal, out });
    await until(() => text().endsWith('99\n'), 'the last candle');
    expect(text()).toBe(`head\n${minutes(100).map((_, minute) => `${minute}\n`).join('')}`); // prettier-ignore
  });

  it('writes no further ahead of a slow reader than the stream allows', async () => {
    const { terminal, gone$ } = fakeTerminal();
    const { out } = slowReader(1000);
    const done = print(of(...minutes(1000)), ndjson, { ...terminal, out });
    await turns(5);
    expect(out.writableLength).toBeLessThan(1000);
    gone$.next();
    await done;
  });

  it('writes what had come before the user wanted an end', async () => {
    const { terminal, stop$ } = fakeTerminal();
    const { out, text } = slowReader(2);
    const done = print(concat(of(...minutes(10)), NEVER), format, { ...terminal, out });
    stop$.next();
    await done;
    await until(() => text().endsWith('9\n'), 'the last candle');
    expect(text()).toBe('head\n0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n');
  });

  it('ends at once when nobody reads any more, and leaves the source', async () => {
    const { terminal, gone$ } = fakeTerminal();
    const source$ = new Subject<Candle>();
    const done = print(source$, format, terminal);
    expect(source$.observed).toBe(true);
    gone$.next();
    await done;
    expect(source$.observed).toBe(false);
  });

  it('fails with the source, after what had come', async () => {
    const { terminal, out } = fakeTerminal();
    const source$ = concat(of(candle(1)), throwError(() => new Error('unknown symbol'))); // prettier-ignore
    await expect(print(source$, format, terminal)).rejects.toThrow('unknown symbol');
    expect(out()).toBe('head\n1\n');
  });

  it('fails no sooner than what had come is written', async () => {
    const { terminal } = fakeTerminal();
    const { out, text } = slowReader(1);
    const source$ = concat(of(...minutes(10)), throwError(() => new Error('geo-blocked'))); // prettier-ignore
    await expect(print(source$, format, { ...terminal, out })).rejects.toThrow('geo-blocked');
    expect(text()).toBe('head\n0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n');
  });

  it('fails when the output cannot be written to', async () => {
    const { terminal, gone$ } = fakeTerminal();
    const done = print(NEVER, format, terminal);
    gone$.error(new Error('disk is full'));
    await expect(done).rejects.toThrow('disk is full');
  });

  it('keeps up with a source over time', async () => {
    const { terminal, lines } = fakeTerminal();
    await print(timer(0, 1).pipe(take(20), map((minute) => candle(minute))), format, terminal); // prettier-ignore
    expect(lines()).toHaveLength(21);
  });
});
