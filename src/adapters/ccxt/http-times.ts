import { AsyncLocalStorage } from 'node:async_hooks';
import type { SchedulerLike } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import type { CcxtExchange } from '../../venues/ccxt/exchange.ts';

/** When a request was really sent and answered, in local time, and the exchange's time by its answer. */
export interface HttpTimes {
  readonly sentAt: number;
  readonly receivedAt: number;
  /** The answer's `Date`, ms UTC; undefined if it has none. */
  readonly date: EpochMs | undefined;
}

/** ccxt delays requests before it sends them, so only its `fetch` knows when one was sent. */
export class HttpClock {
  /** Of the request that was answered last. */
  latest: HttpTimes | undefined;
  readonly #ofCall = new AsyncLocalStorage<{ times: HttpTimes | undefined }>();

  constructor(exchange: CcxtExchange, scheduler: Pick<SchedulerLike, 'now'>) {
    const fetch = exchange.fetch.bind(exchange);
    exchange.fetch = async (...request) => {
      const sentAt = scheduler.now();
      const answer = await fetch(...request);
      this.latest = { sentAt, receivedAt: scheduler.now(), date: dateIn(exchange) };
      const call = this.#ofCall.getStore();
      if (call !== undefined) call.times = this.latest;
      return answer;
    };
  }

  /** The result of a call, with the times of its own request; undefined if it sent none. */
  async during<T>(call: () => Promise<T>): Promise<{ readonly value: T; readonly times: HttpTimes | undefined }> {
    const one: { times: HttpTimes | undefined } = { times: undefined };
    const value = await this.#ofCall.run(one, call);
    return { value, times: one.times };
  }
}

function dateIn({ last_response_headers: headers }: CcxtExchange): EpochMs | undefined {
  const date = headers?.['Date'];
  const time = typeof date === 'string' ? Date.parse(date) : NaN;
  return Number.isFinite(time) ? time : undefined;
}
