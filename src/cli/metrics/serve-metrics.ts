import { Subscription } from 'rxjs';
import { healthOf, type Feed } from '../../index.ts';
import type { LogCounts, LogHealth } from '../../log/nats/index.ts';
import { Registration } from '../../metrics/registration.ts';
import { statusOf } from '../../metrics/sources.ts';
import type { RecordCounts } from '../../store/index.ts';
import type { MetricsArguments } from './metrics-options.ts';
import { servePages, stop, urlOf, type Page } from './metrics-server.ts';

export interface MetricsSource {
  /** Undefined where candles do not come from an exchange. */
  readonly feed?: Pick<Feed, 'status$'> | undefined;
  readonly recorded?: RecordCounts;
  /** Where candles go into a log, or come out of one. */
  readonly logged?: LogCounts | undefined;
}

/**
 * Serves what a command does, where that was asked for: `/metrics` for Prometheus, `/healthz` for whoever asks whether
 * every series is as late as it may be.
 *
 * @param say - is told the address
 * @returns unsubscribing ends it
 */
export async function serveMetrics(
  source: MetricsSource,
  { metricsPort: port, metricsHost: host }: MetricsArguments,
  say: (line: string) => void,
): Promise<Subscription> {
  if (port === undefined) return Subscription.EMPTY;
  const { metrics, registered } = await registerOf(source);
  const pages = { '/metrics': metrics, '/healthz': () => healthPage(source) };
  const server = await servePages(pages, { host, port });
  say(`rx-candles: metrics on ${urlOf(server)}/metrics`);
  registered.add(() => stop(server));
  return registered;
}

/** Loaded for those who ask for it. */
async function registerOf({ feed, recorded, logged }: MetricsSource) {
  const { default: client } = await import('prom-client');
  const register = new client.Registry();
  client.collectDefaultMetrics({ register });
  const registration = new Registration(client, register);
  const registered = new Subscription();
  if (feed !== undefined) registered.add(registration.add(feed, { recorded }));
  if (logged !== undefined) registered.add(registration.add(logged, {}));
  const metrics = async (): Promise<Page> => ({
    status: 200,
    type: register.contentType,
    body: await register.metrics(),
  });
  return { metrics, registered };
}

/** A feeder is healthy where both are: what it gets, and what it stores. */
async function healthPage({ feed, logged }: MetricsSource): Promise<Page> {
  const status = feed && statusOf(feed);
  const parts = [
    ...(feed === undefined ? [] : [status === undefined ? { healthy: false, late: [] } : healthOf(status)]),
    ...(logged === undefined ? [] : [await logHealth(logged)]),
  ];
  const healthy = parts.every((part) => part.healthy);
  const late = parts.flatMap((part) => part.late);
  return {
    status: healthy ? 200 : 503,
    type: 'application/json; charset=utf-8',
    body: `${JSON.stringify({ ...Object.assign({}, ...parts), healthy, late })}\n`,
  };
}

/** Who has no log does not load what reads one. */
async function logHealth(logged: LogCounts): Promise<LogHealth> {
  const { logHealthOf } = await import('../../log/nats/index.ts');
  return logHealthOf(logged);
}
