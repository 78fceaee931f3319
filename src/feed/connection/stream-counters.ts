import type { DisconnectReason } from '../../core/events.ts';

/** Running totals; plain fields, since some change with every close. */
export class StreamCounters {
  /** Sessions that are being replaced while they go on. */
  handovers = 0;
  /** Klines of sessions that have ended. */
  framesOfEnded = 0;
  closes = 0;
  rejectedFrames = 0;
  /** Running candles that nobody had asked for and that had to be decoded to be known as such. */
  framesDecodedInFull = 0;
  lastDataAt: number | undefined = undefined;
  readonly reconnects: Partial<Record<DisconnectReason, number>> = {};
  readonly #numbers: { last: number };

  /** @param numbers - the number of the last connection, which streams of one feed share */
  constructor(numbers = { last: 0 }) {
    this.#numbers = numbers;
  }

  /** Connections are numbered from 1. */
  nextConnection(): number {
    return ++this.#numbers.last;
  }

  countReconnect(reason: DisconnectReason): void {
    this.reconnects[reason] = (this.reconnects[reason] ?? 0) + 1;
  }
}
