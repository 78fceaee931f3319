import { Subscription } from 'rxjs';
import { healthOf, type Feed } from '../../index.ts';
import { Registration } from '../../metrics/registration.ts';
import { statusOf } from '../../metrics/sources.ts';
import type { RecordCounts } from '../../store/index.ts';
import type { MetricsArguments } from './metrics-options.ts';
import { servePages, stop, urlOf, type Page } from './metrics-server.ts';

export interface MetricsSource {
  /** Undefined where candles do not come from an exchange. */
  readonly feed?: Pick<Feed, 'status$'> | undefined;
  readonly recorded?: RecordCounts;
}

/**
 * Serves what a command's feed does, where that was asked for: `/metrics` for Prometheus, `/healthz` for whoever asks
 * whether every series is as late as it may be.
 *
 * @param say - is told the address
 * @returns unsubscribing ends it
 */
export async function serveMetrics(
  source: MetricsSource,
  { metricsPort: port, metricsHost: host }: MetricsArguments,
  say: (line: string) => void,
): Promise<Subscription> {
  const { feed, recorded } = source;
  if (port === undefined || feed === undefined) return Subscription.EMPTY;
  const { metrics, registered } = await registerOf(feed, recorded);
  const pages = { '/metrics': metrics, '/healthz': () => healthPage(feed) };
  const server = await servePages(pages, { host, port });
  say(`rx-candles: metrics on ${urlOf(server)}/metrics`);
  registered.add(() => stop(server));
  return registered;
}

/** Loaded for those who ask for it. */
async function registerOf(feed: Pick<Feed, 'status$'>, recorded: RecordCounts | undefined) {
  const { default: client } = await import('prom-client');
  const register = new client.Registry();
  client.collectDefaultMetrics({ register });
  const registered = new Registration(client, register).add(feed, { recorded });
  const metrics = async (): Promise<Page> => ({
    status: 200,
    type: register.contentType,
    body: await register.metrics(),
  });
  return { metrics, registered };
}

function healthPage(feed: Pick<Feed, 'status$'>): Page {
  const now = statusOf(feed);
  const health = now === undefined ? { healthy: false } : healthOf(now);
  return {
    status: health.healthy ? 200 : 503,
    type: 'application/json; charset=utf-8',
    body: `${JSON.stringify(health)}\n`,
  };
}
