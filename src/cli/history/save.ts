import { BehaviorSubject, filter, lastValueFrom, map, switchMap, takeUntil, tap, timer, type Observable } from 'rxjs';
import type { Feed, FeedOptions } from '../../index.ts';
import { canRedraw, linesOn, screenOn, type Screen } from '../screen.ts';
import { screenFeed } from '../screen-feed.ts';
import type { Output, Terminal } from '../terminal.ts';
import type { CandleFile, HistoryRequest } from './candle-file.ts';
import { Counter } from './counter.ts';
import { download$ } from './download.ts';
import type { OpenFile } from './file-kind.ts';
import { firstCandles$, foundIn, partsOf } from './parts.ts';
import { progressLine } from './progress.ts';
import { reportLines } from './report.ts';
import { namingFile, requireWritable } from './writable.ts';

/** A narrower terminal gets no bar, columns. */
const LEAST_COLUMNS = 40;
/** Between two drawings of the bar, ms. */
const FRAME_MS = 200;

export interface SaveOptions {
  readonly request: HistoryRequest;
  readonly path: string;
  readonly open: OpenFile;
  readonly settings: FeedOptions;
}

interface Run extends Pick<SaveOptions, 'request' | 'path'> {
  readonly feed: Feed;
  readonly file: CandleFile;
  readonly counter: Counter;
  /** Whether the user has interrupted. */
  readonly isStopped$: BehaviorSubject<boolean>;
}

/**
 * Saves a past span to a file, with a bar and a report on stderr; resolves when the file is complete or the user has
 * interrupted.
 */
export async function saveHistory({ settings, open, ...rest }: SaveOptions, terminal: Terminal): Promise<void> {
  const { err } = terminal;
  const screen = canRedraw(err, LEAST_COLUMNS) ? await screenOn(err) : linesOn(err);
  await requireWritable(rest.path);
  const file = await open(rest.path, rest.request).catch((error: unknown) => {
    throw namingFile(error, rest.path);
  });
  const isStopped$ = new BehaviorSubject(false);
  const listening = terminal.stop$.pipe(map(() => true)).subscribe(isStopped$);
  const { feed, close } = screenFeed(settings, screen.say, ['CANDLE_MISSING']);
  try {
    await saveTo({ ...rest, feed, file, isStopped$, counter: new Counter(file.held) }, screen, err);
  } catch (error) {
    throw namingFile(error, rest.path);
  } finally {
    screen.done();
    await file.stop();
    listening.unsubscribe();
    await close();
  }
}

async function saveTo(run: Run, screen: Screen, err: Output): Promise<void> {
  const { feed, file, counter, path, isStopped$ } = run;
  const draw = (): void => screen.draw(progressLine(counter.progress, err.columns ?? 80));
  // eslint-disable-next-line rxjs-x/no-ignored-error -- a timer never errors
  const drawing = timer(FRAME_MS, FRAME_MS).subscribe(draw);
  // eslint-disable-next-line rxjs-x/no-ignored-error -- a bus never errors
  drawing.add(feed.bus.on('CANDLE_MISSING').subscribe((hole) => counter.addHole(hole)));
  try {
    await lastValueFrom(written$(run), { defaultValue: undefined });
  } finally {
    drawing.unsubscribe();
  }
  const isStopped = isStopped$.value;
  if (!isStopped) await file.finish();
  draw();
  screen.done();
  const { canResume } = file;
  for (const line of reportLines({ ...counter.sums(isStopped), path, isStopped, canResume }))
    screen.say(`rx-candles: ${line}`);
}

function written$({ feed, file, counter, request, path, isStopped$ }: Run): Observable<void> {
  const { from, to, wanted } = request;
  const stopped$ = isStopped$.pipe(filter((isStopped) => isStopped));
  const firsts$ = firstCandles$(feed, request).pipe(takeUntil(stopped$));
  return firsts$.pipe(
    map((firsts) => partsOf(path, foundIn(wanted, firsts), { held: file.held, from, to })),
    tap((parts) => counter.expect(parts, to)),
    switchMap((parts) => download$(feed, parts, { path, file, to, stopped$, onRead: () => counter.read() })),
    map((candles) => counter.write(candles)),
  );
}
