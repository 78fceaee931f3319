import { EMPTY, bufferTime, delay, merge, mergeMap, switchMap, take, takeUntil, timer, type Observable } from 'rxjs';
import type { EventOf } from '../index.ts';
import type { CandleSource } from './candle-source.ts';
import { dueAt, type Wanted } from './due.ts';

/** If a candle or an error comes sooner, no notice is needed, ms. */
const FIRST_AFTER_MS = 700;
/** Once connected, the exchange has as long to tell its time and to refuse a symbol, ms. */
const CONNECTED_FOR_MS = 20;
/** Gaps that open within this time share a notice, ms. */
const TOGETHER_MS = 250;
/** Series that have a line each; more share one. */
const MOST_LINES = 3;

/** What is listened to. */
export interface NoticesSource extends Pick<CandleSource, 'bus'> {
  readonly status$: Observable<{ readonly clockOffsetMs: number | null }>;
}

export interface NoticesOptions {
  readonly source: NoticesSource;
  /** Asked when there is something to say: what has been refused by then is left out. */
  readonly watched: () => readonly Wanted[];
  /** Whether history was requested; it comes first. */
  readonly past: boolean;
  /** Emits when the first candle has come. */
  readonly begun$: Observable<unknown>;
  /** Whether gaps are already logged. */
  readonly logsGaps: boolean;
}

/**
 * Notices for an otherwise empty screen: what the command is waiting for, and when it is due.
 *
 * Emits:     lines for people: one once connected, or within a second, unless a candle comes sooner; then one for each
 *            wait for REST.
 * Errors:    never.
 * Completes: never.
 * Time:      the exchange's clock where it is known by then, or else this machine's.
 */
export function notices$({ source, watched, past, begun$, logsGaps }: NoticesOptions): Observable<string> {
  const connected$ = source.bus.on('CONNECTED').pipe(delay(CONNECTED_FOR_MS));
  const first$ = merge(timer(FIRST_AFTER_MS), past ? EMPTY : connected$).pipe(
    take(1),
    switchMap(() => source.status$.pipe(take(1))),
    mergeMap(({ clockOffsetMs }) => beginningOf(watched(), past, Date.now() + (clockOffsetMs ?? 0))),
    takeUntil(begun$),
  );
  const gaps$ = source.bus.on('GAP_OPENED').pipe(
    bufferTime(TOGETHER_MS),
    mergeMap((gaps) => linesOf(gaps)),
  );
  return logsGaps ? first$ : merge(first$, gaps$);
}

function beginningOf(watched: readonly Wanted[], past: boolean, now: number): readonly string[] {
  const first = past ? 'history; the next' : 'the first';
  const line = (one: Wanted): string =>
    `waiting for ${first} ${nameOf(one)} close${past ? ' is' : ','} ${due(one, now)}`;
  if (watched.length <= MOST_LINES) return watched.map(line);
  const [soonest] = [...watched].sort((a, b) => dueAt(a, now) - dueAt(b, now));
  const next = soonest === undefined ? '' : `; the next close, of ${nameOf(soonest)}, is ${due(soonest, now)}`;
  return [`waiting for ${watched.length} series${next}`];
}

function linesOf(gaps: readonly EventOf<'GAP_OPENED'>[]): readonly string[] {
  if (gaps.length <= MOST_LINES) return gaps.map(gapLine);
  return [`waiting for candles of ${gaps.length} series (${gaps.at(-1)?.reason ?? ''})`];
}

function gapLine({ symbol, interval, from, to, reason, waitedMs }: EventOf<'GAP_OPENED'>): string {
  const range = from === to ? iso(from) : `${iso(from)} to ${iso(to)}`;
  const lasting = waitedMs < 1000 ? '' : ` for ${Math.round(waitedMs / 1000)} s`;
  return `waiting for ${symbol} ${interval} ${range}${lasting} (${reason})`;
}

function nameOf({ symbol, interval }: Wanted): string {
  return `${symbol.toUpperCase()} ${interval}`;
}

function due(series: Wanted, now: number): string {
  const time = dueAt(series, now);
  return time === Infinity ? 'due within three days' : `due ${dayOf(time, now)}${iso(time).slice(11, 19)} UTC`;
}

function dayOf(time: number, now: number): string {
  const day = iso(time).slice(0, 10);
  return day === iso(now).slice(0, 10) ? '' : `${day} `;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
