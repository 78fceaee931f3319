import {
  asyncScheduler, combineLatest, connect, interval, last, lastValueFrom, map, merge, scan, startWith, takeUntil,
  throttleTime, type Observable,
} from 'rxjs'; // prettier-ignore
import type { SourceStatus } from '../candle-source.ts';
import type { Wanted } from '../due.ts';
import type { Screen } from '../screen.ts';
import type { Output, Terminal } from '../terminal.ts';
import { emptyBoard, withUpdate, type Board, type Update } from './board.ts';
import { tableLines } from './live-table.ts';
import { statusLine } from './status-line.ts';

/** Time between two drawings at least, ms. */
const FRAME_MS = 100;
/** Lines that are not series: titles, status, and where the cursor stands. */
const OTHER_LINES = 3;

export interface ShowOptions {
  readonly status$: Observable<SourceStatus>;
  readonly wanted: readonly Wanted[];
  /** What is watched; the table ends with it. */
  readonly updates$: Observable<Update>;
  /** What changes the table, but is not part of what is watched. */
  readonly aside$: Observable<Update>;
}

/** For the countdown. */
const seconds$ = interval(1000).pipe(startWith(-1));

/** Shows candles as a live table until they end, the user interrupts, or the terminal is gone. */
export async function show(options: ShowOptions, screen: Screen, { out, stop$, gone$ }: Terminal): Promise<void> {
  const frames$ = boards$(options, stop$).pipe(
    connect((board$) =>
      combineLatest([board$, options.status$, seconds$]).pipe(takeUntil(board$.pipe(last(null, null)))),
    ),
    throttleTime(FRAME_MS, asyncScheduler, { leading: true, trailing: true }),
    map(([board, status]) => frameOf(board, status, out)),
    takeUntil(gone$),
  );
  try {
    await lastValueFrom(frames$.pipe(map((frame) => screen.draw(frame))), { defaultValue: undefined });
  } finally {
    screen.done();
  }
}

function boards$({ wanted, updates$, aside$ }: ShowOptions, stop$: Observable<unknown>): Observable<Board> {
  const watched$ = updates$.pipe(takeUntil(stop$));
  return watched$.pipe(
    connect((live$) => merge(live$, aside$.pipe(takeUntil(live$.pipe(last(null, null)))))),
    scan(withUpdate, emptyBoard(wanted)),
    startWith(emptyBoard(wanted)),
  );
}

function frameOf(board: Board, status: SourceStatus, { columns = 80, rows = 24 }: Output): string {
  const visible = board.filter(({ isHidden }) => isHidden !== true);
  const shown = visible.slice(0, Math.max(1, rows - OTHER_LINES));
  const now = Date.now() + (status.clockOffsetMs ?? 0);
  const bottom = statusLine(visible, status, { now, columns, hidden: visible.length - shown.length });
  return [...tableLines(shown, columns), bottom].join('\n');
}
