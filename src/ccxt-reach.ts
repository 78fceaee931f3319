import { defer, firstValueFrom, map } from 'rxjs';
import { loadExchange } from './adapters/ccxt/load.ts';
import { ccxtMarketData, type Queued$ } from './adapters/ccxt/market-data.ts';
import { wallClockNow } from './adapters/clock.ts';
import { networkOf } from './adapters/network.ts';
import type { VenueId } from './core/candle.ts';
import { DEFAULTS } from './core/defaults.ts';
import type { FeedSettings } from './core/settings.ts';
import { NO_REQUESTS } from './feed/rest/request-counter.ts';
import { noAnswer, restRefusal, type Reach, type TimeAnswer } from './reach-answer.ts';
import type { CcxtExchange } from './venues/ccxt/exchange.ts';
import { restUrlOf } from './venues/ccxt/urls.ts';

/** How an exchange of ccxt is reached, as far as that can be seen from outside: its REST host. */
export async function ccxtReach(venue: VenueId, settings: FeedSettings): Promise<Reach> {
  const { proxy, tls, endpoints = {}, restTimeoutMs = DEFAULTS.restTimeoutMs } = settings;
  const exchange = await loadExchange(venue, { ...settings, restTimeoutMs });
  const url = restUrlOf(exchange);
  const { rest: route } = networkOf({ proxy, tls }, { rest: url, stream: url.replace(/^http/, 'ws') });
  return {
    rest: { ...route, url },
    stream: endpoints.stream === undefined ? undefined : { ...route, url: endpoints.stream },
    example: undefined,
    fetchesCloses: true,
    askTime: () => askTime(venue, exchange),
    shakeHands: undefined,
  };
}

async function askTime(venue: VenueId, exchange: CcxtExchange): Promise<TimeAnswer> {
  const market = ccxtMarketData({
    exchange,
    venue,
    scheduler: { now: wallClockNow },
    queued$: unqueued$,
    use: () => NO_REQUESTS,
  });
  const answer$ = market.serverTime$().pipe(
    map(({ value: time, stepMs = 1, sentAt, receivedAt }): TimeAnswer => {
      return { ok: true, time, stepMs, sentAt, receivedAt, usage: {}, limits: [] };
    }),
  );
  try {
    return await firstValueFrom(answer$, { defaultValue: noAnswer('network') });
  } catch (error) {
    return restRefusal(error);
  }
}

/** A single request needs no queue. */
const unqueued$: Queued$ = (ask$) =>
  defer(() => {
    const sentAt = wallClockNow();
    return ask$().pipe(map(({ value }) => ({ value, sentAt, receivedAt: wallClockNow() })));
  });
