import { AsyncLocalStorage } from 'node:async_hooks';
import type { SchedulerLike } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import type { CcxtExchange } from '../../venues/ccxt/exchange.ts';

/** When a request was really sent and answered, local times, and what time the answer says it was. */
export interface HttpTimes {
  readonly sentAt: number;
  readonly receivedAt: number;
  /** The answer's `Date`, ms UTC; undefined where it has none. */
  readonly date: EpochMs | undefined;
}

/** ccxt delays requests before it sends them, so that only its `fetch` knows when one was sent. */
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

  /** What a call answers, with the times of its own request; undefined where it sent none. */
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
