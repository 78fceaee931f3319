import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChart, type ChartOptions, type ChartServer } from '../../src/chart/index.ts';
import { isCandle, type ChartCandle, type Point } from '../../src/chart/wire.ts';
import { createFeed, type Candle, type Feed } from '../../src/index.ts';
import type { FakeExchange } from '../../src/testing/index.ts';

export const CHART_VENUE = 'binance-spot';

export interface ChartRig {
  readonly feed: Feed;
  readonly server: ChartServer;
  close(): Promise<void>;
}

/** A chart server on a feed that speaks with a fake exchange. */
export async function startChartOn(exchange: FakeExchange, options: Partial<ChartOptions> = {}): Promise<ChartRig> {
  const venue = CHART_VENUE;
  const reconnect = { initialDelayMs: 300, maxRetries: Infinity, jitter: false };
  const feed = createFeed({ venue, endpoints: exchange.endpoints(venue), logLevel: 'silent', reconnect });
  const server = await startChart({ feed, venue, series: ['BTCUSDT:1s'], folder: emptyPage(), port: 0, ...options });
  const close = async (): Promise<void> => {
    await server.close();
    await feed.close();
  };
  return { feed, server, close };
}

function emptyPage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rx-candles-page-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>chart</title>');
  writeFileSync(join(folder, 'secret.ts'), 'export const secret = 1;');
  return folder;
}

/** The values of candles, closed ones alone, as the exchange has them and as the chart is sent them. */
export function valuesOf(candles: readonly (Candle | ChartCandle)[]): readonly (readonly number[])[] {
  return candles.map(({ timestamp, closeTime, open, high, low, close, volume }) => [
    ...[timestamp, closeTime, open, high, low, close, volume],
  ]);
}

export function closedIn(points: readonly Point[]): readonly ChartCandle[] {
  return points.filter(isCandle).filter(({ closed }) => closed);
}
