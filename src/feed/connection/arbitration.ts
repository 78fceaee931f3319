import type { Candle, EpochMs } from '../../core/candle.ts';
import type { SeriesSignal } from '../../ports/candle-stream.ts';
import type { CandleMessage } from '../../ports/stream-protocol.ts';

/** One of the two lines that carry each series. */
export type Line = 0 | 1;

/** How many closes are remembered to recognize their copies. The copy of an older one is dropped by the series. */
const KEPT_CLOSES = 60;
/** Closes in a row that only the other line delivered, after which a line is taken to be silent. */
const LINE_SILENT_AFTER = 3;

export interface CloseArbiterListener {
  readonly emit: (signal: SeriesSignal) => void;
  /** A line that has acknowledged the series does not deliver it. */
  readonly onSilent: (line: Line) => void;
}

/** Joins what two lines say about one series: each close once, by whichever brings it first; `live` while either is. */
export class CloseArbiter {
  readonly #listener: CloseArbiterListener;
  readonly #live: [boolean, boolean] = [false, false];
  readonly #gaveUp: [boolean, boolean] = [false, false];
  /** Closes in a row that the other line delivered and this one did not. */
  readonly #missed: [number, number] = [0, 0];
  readonly #closes: EpochMs[] = [];

  constructor(listener: CloseArbiterListener) {
    this.#listener = listener;
  }

  take(line: Line, signal: SeriesSignal): void {
    if (typeof signal === 'string') this.#setLive(line, signal === 'live');
    else this.#takeClose(line, signal);
  }

  /** The line has given up. Returns whether the other one has too; a line that becomes live again has not. */
  giveUp(line: Line): boolean {
    this.#gaveUp[line] = true;
    this.#setLive(line, false);
    return this.#gaveUp[otherThan(line)];
  }

  #setLive(line: Line, live: boolean): void {
    if (live) this.#gaveUp[line] = false;
    this.#missed[line] = 0;
    if (this.#live[line] === live) return;
    this.#live[line] = live;
    if (!this.#live[otherThan(line)]) this.#listener.emit(live ? 'live' : 'lost');
  }

  #takeClose(line: Line, candle: Candle): void {
    this.#missed[line] = 0;
    if (this.#closes.includes(candle.timestamp)) return;
    this.#closes.push(candle.timestamp);
    if (this.#closes.length > KEPT_CLOSES) this.#closes.shift();
    this.#countMissed(otherThan(line));
    this.#listener.emit(candle);
  }

  #countMissed(line: Line): void {
    if (!this.#live[line]) return;
    this.#missed[line] += 1;
    if (this.#missed[line] % LINE_SILENT_AFTER === 0) this.#listener.onSilent(line);
  }
}

/** Joins the updates that two lines bring of one series: each once, and none that takes the running candle back. */
export class UpdateArbiter {
  #last: CandleMessage | undefined;

  /** Whether to pass the update on. */
  take(update: CandleMessage): boolean {
    if (this.#last !== undefined && !isNewer(update, this.#last)) return false;
    this.#last = update;
    return true;
  }
}

/** Volume only grows while a candle runs, so that it tells the order too where the venue sends no time. */
function isNewer(update: CandleMessage, last: CandleMessage): boolean {
  const { timestamp, volume } = update.candle;
  if (timestamp !== last.candle.timestamp) return timestamp > last.candle.timestamp;
  if (update.eventTime === null || last.eventTime === null) return volume > last.candle.volume;
  return update.eventTime > last.eventTime && volume >= last.candle.volume;
}

export function otherThan(line: Line): Line {
  return line === 0 ? 1 : 0;
}
