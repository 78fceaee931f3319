import type { DisconnectReason } from '../../core/events.ts';

/** Running totals; plain fields, since some change with every close. */
export class StreamCounters {
  connections = 0;
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

  /** Connections are numbered from 1. */
  nextConnection(): number {
    return ++this.connections;
  }

  countReconnect(reason: DisconnectReason): void {
    this.reconnects[reason] = (this.reconnects[reason] ?? 0) + 1;
  }
}
