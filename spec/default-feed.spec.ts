import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigError, UnsupportedIntervalError } from '../src/core/errors.ts';
import { closedCandles$ } from '../src/default-feed.ts';
import { startFakeExchange, type FakeExchange } from '../src/testing/index.ts';
import { until } from './support/until.ts';

const home = process.cwd();
let folder = '';

/** A user's working directory. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rx-candles-default-'));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

function pointAt(exchange: FakeExchange): void {
  const { stream, rest } = exchange.endpoints('binance-spot');
  const lines = ['venue: binance-spot', 'logLevel: silent', `endpoints: { stream: '${stream}', rest: '${rest}' }`];
  writeFileSync('config.yaml', lines.join('\n'));
}

it('delivers closed candles as config.yaml says, over one connection for all callers', async () => {
  await using exchange = await startFakeExchange();
  pointAt(exchange);
  const candles = await Promise.all(
    ['BTCUSDT', 'BTCUSDT', 'ETHUSDT'].map((symbol) =>
      lastValueFrom(closedCandles$(symbol, '1s').pipe(take(2), toArray())),
    ),
  );
  for (const [first, second] of candles) expect(second?.timestamp).toBe((first?.timestamp ?? 0) + 1000);
  expect(candles[0]).toEqual(candles[1]);
  expect(exchange.stats.connectionsEver).toBe(1);
});

it('reads the past too', async () => {
  await using exchange = await startFakeExchange();
  pointAt(exchange);
  const candles = await lastValueFrom(closedCandles$('BTCUSDT', '1s', { history: 3 }).pipe(take(3), toArray()));
  expect(candles.map(({ source }) => source)).toEqual(['history', 'history', 'history']);
});

it('is torn down with the last that leaves, and built anew, from the files as they are then', async () => {
  await using exchange = await startFakeExchange();
  pointAt(exchange);
  const one = closedCandles$('BTCUSDT', '1s').subscribe();
  await firstValueFrom(closedCandles$('BTCUSDT', '1s'));
  one.unsubscribe();
  await until(() => exchange.stats.connections === 0, 'the socket to be closed', 1500);

  await using other = await startFakeExchange();
  pointAt(other);
  await firstValueFrom(closedCandles$('BTCUSDT', '1s'));
  expect([exchange.stats.connectionsEver, other.stats.connectionsEver]).toEqual([1, 1]);
});

it('reads nothing before the first subscription, and gives what is wrong with the files to the subscriber', async () => {
  writeFileSync('config.yaml', 'venue: nasdaq');
  const candles$ = closedCandles$('BTCUSDT', '1s');
  await expect(firstValueFrom(candles$)).rejects.toBeInstanceOf(ConfigError);
  await using exchange = await startFakeExchange();
  pointAt(exchange);
  await expect(firstValueFrom(candles$)).resolves.toMatchObject({ symbol: 'BTCUSDT' });
});

it('leaves nothing behind when a subscription is refused at once', async () => {
  await using exchange = await startFakeExchange();
  pointAt(exchange);
  await expect(firstValueFrom(closedCandles$('BTCUSDT', '7m' as '1m'))).rejects.toBeInstanceOf(
    UnsupportedIntervalError,
  );
  await using other = await startFakeExchange();
  pointAt(other);
  await firstValueFrom(closedCandles$('BTCUSDT', '1s'));
  expect(other.stats.connectionsEver).toBe(1);
});
