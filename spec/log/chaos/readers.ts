import { merge, type Observable, type Subscription } from 'rxjs';
import type { Candle } from 'rx-candles';
import { closedCandlesOf$, closedCandlesOfMany$, natsLog, type NatsLog } from 'rx-candles/nats';

type Read = (log: NatsLog, handled: readonly Candle[]) => Observable<Candle>;

/** A reader over a connection of its own, and what it has been given. */
export class LogReader {
  readonly name: string;
  readonly candles: Candle[] = [];
  error: unknown;
  readonly #log: NatsLog;
  readonly #read: Read;
  #subscription: Subscription | undefined;

  constructor(name: string, url: string, read: Read) {
    this.name = name;
    this.#log = natsLog({ servers: url });
    this.#read = read;
    this.restart();
  }

  /** Goes on as a program does that was started again and knows what it has handled. */
  restart(): void {
    this.#subscription?.unsubscribe();
    const last = new Map(this.candles.map((candle) => [candle.symbol, candle]));
    this.#subscription = this.#read(this.#log, [...last.values()]).subscribe({
      next: (candle) => this.candles.push(candle),
      error: (error: unknown) => (this.error = error),
    });
  }

  of(symbol: string): readonly Candle[] {
    return this.candles.filter((candle) => candle.symbol === symbol);
  }

  async stop(): Promise<void> {
    this.#subscription?.unsubscribe();
    await this.#log.close();
  }
}

const VENUE = 'binance-spot';

/** Each series by itself; all of the market at one reader; the same with its place kept by the program. */
export function readersOf(url: string, symbols: readonly string[]): readonly LogReader[] {
  const all = { venue: VENUE, interval: '1s' } as const;
  return [
    new LogReader('one by one', url, (log) =>
      merge(...symbols.map((symbol) => closedCandlesOf$(log, symbol, '1s', { venue: VENUE }))),
    ),
    new LogReader('together', url, (log) => closedCandlesOfMany$(log, all)),
    new LogReader('resumed', url, (log, handled) =>
      closedCandlesOfMany$(log, all, handled.length === symbols.length ? { since: handled } : {}),
    ),
  ];
}
