import { defer, firstValueFrom, map } from 'rxjs';
import { monotonicScheduler, wallClockNow } from './adapters/clock.ts';
import { httpClient } from './adapters/http.ts';
import { endpointsOf, networkOf } from './adapters/network.ts';
import { socketSessions } from './adapters/socket.ts';
import { DEFAULTS } from './core/defaults.ts';
import type { FeedSettings } from './core/settings.ts';
import { readAnswer, urlOf } from './feed/rest/rest-source.ts';
import type { Connector } from './ports/connector.ts';
import {
  noAnswer,
  restRefusal,
  streamRefusal,
  type Handshake,
  type Host,
  type Reach,
  type TimeAnswer,
} from './reach-answer.ts';
import { connectorOf } from './venues/registry.ts';

export type { Handshake, Host, Reach, TimeAnswer };

/**
 * How a feed of these settings reaches its exchange. Nothing has been asked yet when it resolves.
 *
 * @param settings - checked ones
 * @returns rejects with a ConfigError as `createFeed` and its first subscription would
 */
export async function reachOf(settings: FeedSettings): Promise<Reach> {
  const { venue = DEFAULTS.venue } = settings;
  const connector = connectorOf(venue);
  if (connector !== undefined) return connectorReach(connector, settings);
  const { ccxtReach } = await import('./ccxt-reach.ts');
  return ccxtReach(venue, settings);
}

function connectorReach(connector: Connector, settings: FeedSettings): Reach {
  const endpoints = endpointsOf(connector, settings);
  const network = networkOf(settings, endpoints);
  const rest = { ...network.rest, url: endpoints.rest };
  const stream = { ...network.stream, url: endpoints.stream };
  const { restTimeoutMs: timeoutMs = DEFAULTS.restTimeoutMs } = settings;
  return {
    rest,
    stream,
    example: connector.hints.example,
    fetchesCloses: connector.closes === 'fetched',
    askTime: () => askTime(connector, rest, { timeoutMs, headers: endpoints.restHeaders ?? {} }),
    shakeHands: () => shakeHands(connector, stream),
  };
}

async function askTime(
  { endpoints, rest: protocol }: Connector,
  { url, ...route }: Host,
  options: { readonly timeoutMs: number; readonly headers: Readonly<Record<string, string>> },
): Promise<TimeAnswer> {
  const http = httpClient({ ...options, ...route });
  const request = protocol.time();
  const limits = url === endpoints.rest ? protocol.limits : [];
  const sentAt = wallClockNow();
  const answer$ = http.get$(urlOf(url, request)).pipe(
    map((answer): TimeAnswer => {
      const { value: time, usage = {} } = readAnswer(answer, request, protocol);
      return { ok: true, time, stepMs: 1, sentAt, receivedAt: wallClockNow(), usage, limits };
    }),
  );
  try {
    return await firstValueFrom(answer$, { defaultValue: noAnswer('network') });
  } catch (error) {
    return restRefusal(error);
  } finally {
    http.close();
  }
}

async function shakeHands({ stream, hints }: Connector, { url, ...route }: Host): Promise<Handshake> {
  const topic = stream.topicOf({ symbol: hints.example, interval: '1m' });
  const sockets = socketSessions({ isUnfinished: () => true, ...route });
  const opened$ = defer(() => {
    const startedAt = monotonicScheduler.now();
    return sockets
      .openSession$(stream.urlOf(url, topic))
      .pipe(map((): Handshake => ({ ok: true, tookMs: monotonicScheduler.now() - startedAt })));
  });
  try {
    return await firstValueFrom(opened$, { defaultValue: noAnswer('refused') });
  } catch (error) {
    return streamRefusal(error);
  } finally {
    await sockets.allClosed();
  }
}
