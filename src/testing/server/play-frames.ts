import type { EpochMs } from '../../core/candle.ts';
import type { StreamFaults, Which } from '../faults/stream-faults.ts';
import type { ExchangeClock } from '../market/clock.ts';
import type { StreamServer } from './stream-server.ts';

/** How recorded frames are sent, and to whom. */
export interface PlayOptions {
  /** Pause after each frame, ms. Default 0. */
  readonly paceMs?: number | undefined;
  /** Which connections hear it. Default all. */
  readonly which?: Which | undefined;
  /** How long to wait for the first subscription, ms. Default 10000. */
  readonly withinMs?: number | undefined;
}

/** A message as it was received, or with the exchange's time to be sent at, ms UTC. */
export type PlayedFrame = string | Buffer | { readonly at: EpochMs; readonly data: string | Buffer };

interface Stage {
  readonly clock: ExchangeClock;
  readonly streams: StreamServer;
  readonly stream: StreamFaults;
}

/** Sends recorded frames once somebody has subscribed. */
export async function playFrames(frames: readonly PlayedFrame[], stage: Stage, options: PlayOptions): Promise<void> {
  const { which, paceMs, withinMs = 10_000 } = options;
  await subscribed(stage.streams, which ?? 'all', withinMs);
  for (const frame of frames) {
    play(frame, stage, which);
    if (paceMs !== undefined) await pause(paceMs);
  }
}

function play(frame: PlayedFrame, { clock, stream }: Stage, which?: Which): void {
  const { at, data } = typeof frame === 'string' || Buffer.isBuffer(frame) ? { at: 0, data: frame } : frame;
  if (at > clock.now()) clock.jump(at - clock.now());
  stream.send(data, which);
}

async function subscribed(streams: StreamServer, which: Which, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!streams.select(which).some((connection) => connection.topics.size > 0)) {
    if (performance.now() > deadline) throw new Error(`nobody subscribed within ${String(withinMs)} ms`);
    await pause(5);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
