import type { Candle } from '../core/candle.ts';
import type { LogEntry, LogSignal, LogStart } from '../ports/candle-log.ts';
import { keyOf } from '../venues/series-key.ts';
import { linkTo, markAtTail, type Mark, type Waited } from './chain.ts';

/** Something is missing between what has been delivered of a series and what came. */
export class LogHole extends Error {
  override readonly name = 'LogHole';
  readonly key: string;
  readonly mark: Mark | undefined;
  readonly entry: LogEntry;

  constructor(key: string, mark: Mark | undefined, entry: LogEntry) {
    super(`${key}: ${String(entry.candle.timestamp)} does not follow ${String(mark?.after)}`);
    this.key = key;
    this.mark = mark;
    this.entry = entry;
  }
}

/** The end of the log is ahead of where the reader begins: what lies between is to be read. */
export class TailAhead extends Error {
  override readonly name = 'TailAhead';
}

/** Where a reader begins: with what is new, or behind the marks of some series, by their keys. */
export interface ReadBeginning {
  /** Of series that are not in `marks`; undefined for everything there is. */
  readonly others: Mark | 'tail' | undefined;
  readonly marks: ReadonlyMap<string, Mark>;
}

/** Should a hole come from clocks that disagree, the next reading begins so much earlier, ms. */
const FARTHER_MS = 24 * 3_600_000;

/** A series that nobody knew of when reading began: it is delivered from its first candle on. */
const NEW: Mark = { after: -Infinity, mayBegin: true };

/** How far one reader has come in each of its series. Survives as many readings as it takes. */
export class ReadPosition {
  readonly #marks: Map<string, Mark>;
  readonly #others: ReadBeginning['others'];
  /** Whether all series that had candles when reading began are known. */
  #knowsAll = false;
  /** Whether the end of the log was ahead of a mark. */
  #isBehind = false;
  #lastHole: LogHole | undefined;

  constructor({ others, marks }: ReadBeginning) {
    this.#others = others;
    this.#marks = new Map(marks);
  }

  /** Whether what was stored when reading began is behind it. */
  get isLive(): boolean {
    return this.#knowsAll;
  }

  /** Where the next reading begins. */
  start(): LogStart {
    if (this.#readsTail()) return 'tail';
    const known = [...this.#marks.values()].map(({ after }) => after);
    if (this.#others === undefined && !this.#knowsAll) return { since: 0 };
    if (typeof this.#others === 'object') known.push(this.#others.after);
    const since = known.length === 0 ? 0 : Math.min(...known);
    return { since: Math.max(0, this.#lastHole === undefined ? since : since - FARTHER_MS) };
  }

  /**
   * The candle to deliver, if there is one.
   *
   * @param waited - only while the end of the log is read
   * @throws LogHole when the log must be read again, from `start` on
   */
  take(signal: LogSignal, waited: Waited): Candle | undefined {
    if (signal === 'live') this.#reachLive();
    else if (this.#readsTail()) this.#takeTail(signal, waited);
    else return this.#takeEntry(signal);
    return undefined;
  }

  /** Whether the same hole was found in two readings, one after the other, so that the log itself has it. */
  isLasting({ key, mark, entry }: LogHole): boolean {
    const before = this.#lastHole;
    this.#lastHole = new LogHole(key, mark, entry);
    return before?.key === key && before.mark?.after === mark?.after;
  }

  #readsTail(): boolean {
    return this.#others === 'tail' && !this.#knowsAll;
  }

  #reachLive(): void {
    this.#knowsAll = true;
    if (!this.#isBehind) return;
    this.#isBehind = false;
    throw new TailAhead();
  }

  #takeTail(entry: LogEntry, waited: Waited): void {
    const key = keyOf(entry.candle);
    const mark = this.#marks.get(key) ?? markAtTail(entry, waited);
    this.#marks.set(key, mark);
    if (mark.after < entry.candle.timestamp) this.#isBehind = true;
  }

  #takeEntry(entry: LogEntry): Candle | undefined {
    const { candle } = entry;
    const key = keyOf(candle);
    const mark = this.#marks.get(key) ?? this.#unknown();
    const link = linkTo(entry, mark);
    if (link === 'hole') throw new LogHole(key, mark, entry);
    if (link === 'repeat') return undefined;
    this.#marks.set(key, { after: candle.timestamp, mayBegin: false });
    if (this.#lastHole?.key === key) this.#lastHole = undefined;
    return candle;
  }

  #unknown(): Mark | undefined {
    if (typeof this.#others === 'object') return this.#others;
    return this.#knowsAll ? NEW : undefined;
  }
}
