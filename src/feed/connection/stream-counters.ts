import type { DisconnectReason } from '../../core/events.ts';
import type { FrameCounts } from '../../ports/candle-stream.ts';

export const NO_FRAMES: FrameCounts = { framesReceived: 0, framesRejected: 0, framesDecodedInFull: 0 };

/** Running totals. */
export class StreamCounters {
  /** Sessions that are being replaced while they go on. */
  handovers = 0;
  /** Of those received, the ones of sessions that have ended: each session counts its own. */
  readonly frames: { -readonly [K in keyof FrameCounts]: number } = { ...NO_FRAMES };
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
