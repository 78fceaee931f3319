import type { EpochMs } from '../../core/candle.ts';

/** The longest wait that `setTimeout` understands, ms. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

interface Wait {
  readonly time: EpochMs;
  readonly run: () => void;
  timer: NodeJS.Timeout | undefined;
}

/** The exchange's clock: real time plus an offset, which may drift and be changed while running. */
export class ExchangeClock {
  private readonly waits = new Set<Wait>();
  private realOrigin = performance.now();
  private origin: EpochMs;
  private rate: number;

  constructor(start: EpochMs, driftPpm = 0) {
    this.origin = start;
    this.rate = 1 + driftPpm / 1e6;
  }

  /** The exchange's time, ms UTC, whole. */
  now(): EpochMs {
    return Math.floor(this.exactNow());
  }

  /** Moves the clock. Candles whose boundary is jumped over close at once; going back repeats none. */
  jump(byMs: number): void {
    this.rebase(this.exactNow() + byMs, this.rate);
  }

  /** Sets how much faster than real time the clock runs, in millionths. */
  setDrift(ppm: number): void {
    this.rebase(this.exactNow(), 1 + ppm / 1e6);
  }

  /** Runs once when the clock has reached `time`; the result cancels it. */
  at(time: EpochMs, run: () => void): () => void {
    const wait: Wait = { time, run, timer: undefined };
    this.waits.add(wait);
    this.arm(wait);
    return () => {
      this.cancel(wait);
    };
  }

  /** Cancels everything that waits. */
  stop(): void {
    for (const wait of [...this.waits]) this.cancel(wait);
  }

  private exactNow(): number {
    return this.origin + (performance.now() - this.realOrigin) * this.rate;
  }

  private rebase(now: number, rate: number): void {
    this.realOrigin = performance.now();
    this.origin = now;
    this.rate = rate;
    for (const wait of [...this.waits]) this.arm(wait);
  }

  private arm(wait: Wait): void {
    clearTimeout(wait.timer);
    const left = (wait.time - this.exactNow()) / this.rate;
    wait.timer = setTimeout(
      () => {
        this.wake(wait);
      },
      Math.min(LONGEST_WAIT_MS, Math.max(0, Math.ceil(left))),
    );
  }

  private wake(wait: Wait): void {
    if (this.now() < wait.time) {
      this.arm(wait);
      return;
    }
    this.waits.delete(wait);
    wait.run();
  }

  private cancel(wait: Wait): void {
    clearTimeout(wait.timer);
    this.waits.delete(wait);
  }
}
