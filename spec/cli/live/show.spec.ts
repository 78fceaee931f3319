import { stripVTControlCharacters } from 'node:util';
import { concat, EMPTY, NEVER, of, Subject, throwError, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { exchangeSource } from '../../../src/cli/exchange-source.ts';
import type { Update } from '../../../src/cli/live/board.ts';
import { show } from '../../../src/cli/live/show.ts';
import { canRedraw, screenOn, type Screen } from '../../../src/cli/screen.ts';
import { createFeed, type Candle } from '../../../src/index.ts';
import { candle } from '../../support/candle.ts';
import { fakeTerminal } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

const WANTED = [
  { symbol: 'btcusdt', interval: '1m' },
  { symbol: 'ETHUSDT', interval: '1m' },
] as const;

const update = (minute: number, changes: Partial<Candle> = {}, index = 0): Update => ({
  index,
  candle: candle(minute, changes),
});

interface Setting {
  readonly aside$?: Observable<Update>;
  readonly columns?: number;
  readonly rows?: number;
}

function shown(updates$: Observable<Update>, { aside$ = EMPTY, columns = 160, rows = 24 }: Setting = {}) {
  const frames: string[] = [];
  const screen: Screen = {
    draw: (text) => frames.push(text),
    say: () => undefined,
    clear: () => undefined,
    done: () => frames.push('done'),
  };
  const fake = fakeTerminal({ isTTY: true, columns });
  Object.assign(fake.terminal.out, { rows });
  const feed = createFeed({ logLevel: 'silent' });
  const ended = show(
    { status$: exchangeSource(feed).status$, wanted: WANTED, updates$, aside$ },
    screen,
    fake.terminal,
  );
  return {
    ...fake,
    frames,
    ended,
    last: () => stripVTControlCharacters(frames.filter((frame) => frame !== 'done').at(-1) ?? '').split('\n'),
  };
}

describe('the live table', () => {
  it('begins with a line for each series and says how the connection is', async () => {
    const { ended, frames, stop$, last } = shown(NEVER);
    await until(() => frames.length > 0);
    expect(last()).toEqual([
      expect.stringMatching(
        /^symbol +length +time \(UTC\) +open +high +low +close +change +volume +last closes +source$/,
      ) as string,
      expect.stringMatching(/^BTCUSDT +1m +–/) as string,
      expect.stringMatching(/^ETHUSDT +1m +–/) as string,
      expect.stringMatching(
        /^● no connection · next close \d\d:\d\d:00 UTC \(in \d:\d\d\) · 0 streamed, 0 fetched · Ctrl-C to end$/,
      ) as string,
    ]);
    stop$.next();
    await ended;
    expect(frames.at(-1)).toBe('done');
  });

  it('shows the last close, how it differs from the one before, and where it came from', async () => {
    const { ended, last } = shown(of(update(1, { close: 100 }), update(2, { close: 101, source: 'backfill' })));
    await ended;
    expect(last()[1]).toMatch(/^BTCUSDT +1m +00:02:00 +102 +104 +101 +101 {2}\+1\.000 % +10 {2}▁█ +backfill$/);
  });

  it('paints a rise green and a fall red', async () => {
    const rise = shown(of(update(1, { close: 100 }), update(2, { close: 101 })));
    await rise.ended;
    expect(rise.frames.at(-2)).toContain('\u001b[32m+1.000 %');
    const fall = shown(of(update(1, { close: 100 }), update(2, { close: 99 })));
    await fall.ended;
    expect(fall.frames.at(-2)).toContain('\u001b[31m-1.000 %');
  });

  it.each([
    [60, 'symbol length time (UTC) close change source'],
    [100, 'symbol length time (UTC) close change volume last closes source'],
    [160, 'symbol length time (UTC) open high low close change volume last closes source'],
  ])('keeps within %d columns: %s', async (columns, titles) => {
    const updates = Array.from({ length: 50 }, (_, minute) => update(minute, { close: 81_234.56 + (minute % 7) }));
    const { ended, last } = shown(of(...updates), { columns });
    await ended;
    expect(last()[0]?.replaceAll(/ +/g, ' ')).toBe(titles);
    expect(Math.max(...last().map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it('takes what fills the table for older than what came live', async () => {
    const aside$ = new Subject<Update>();
    const live$ = new Subject<Update>();
    const { ended, last } = shown(live$, { aside$ });
    live$.next(update(5, { close: 7 }));
    aside$.next(update(4, { close: 9, source: 'history' }));
    live$.complete();
    await ended;
    expect(last()[1]).toMatch(/00:05:00.* 7 +–.* stream$/);
  });

  it('takes a series that cannot be watched out of the table', async () => {
    const aside$ = of({ index: 1, candle: undefined });
    const { ended, last, stop$ } = shown(concat(of(update(1)), NEVER), { aside$ });
    await until(() => last().length === 3);
    stop$.next();
    await ended;
    expect(last()).toHaveLength(3);
  });

  it('says how many series a low terminal does not show', async () => {
    const { ended, last } = shown(of(update(1)), { rows: 4 });
    await ended;
    expect(last()).toHaveLength(3);
    expect(last()[2]).toContain(' · 1 more series · ');
  });

  it('fails with what is watched, and leaves the table where it is', async () => {
    const { ended, frames } = shown(throwError(() => new Error('geo-blocked')));
    await expect(ended).rejects.toThrow('geo-blocked');
    expect(frames.at(-1)).toBe('done');
  });
});

describe('the screen', () => {
  it('draws in place, with lines that stay above', async () => {
    const { terminal, out, plain } = fakeTerminal({ isTTY: true, columns: 80 });
    const screen = await screenOn(terminal.out);
    screen.draw('one');
    screen.say('a line');
    screen.draw('two');
    screen.done();
    expect(plain().replaceAll('\r', '')).toMatch(/a line\n[^]*two\n$/);
    expect(out()).toContain('\u001b[');
  });

  it.each([
    [{ isTTY: true, columns: 60 }, true],
    [{ isTTY: true, columns: 59 }, false],
    [{ isTTY: true, columns: 0 }, false],
    [{ isTTY: false, columns: 200 }, false],
  ])('can be drawn on %j: %s', (terminal, can) => {
    expect(canRedraw(fakeTerminal(terminal).terminal.out, 60)).toBe(can);
  });
});
