import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catchError, firstValueFrom, lastValueFrom, take, takeUntil, timer, toArray } from 'rxjs';
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

it('owes the candle that ran when it was subscribed to, however long the files take', async () => {
  await using exchange = await startFakeExchange();
  pointAt(exchange);
  const series = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1s' } as const;
  await until(() => Math.abs((exchange.now() % 1000) - 850) < 50, 'the end of a second');
  const running = exchange.openTimeNow(series);
  const first = firstValueFrom(closedCandles$('BTCUSDT', '1s'));
  // The process is busy until that candle has closed, and the files wait as long.
  for (const until = performance.now() + 300; performance.now() < until;);
  expect((await first).timestamp).toBe(running);
});

it('delivers although the files belong to another program', async () => {
  await using exchange = await startFakeExchange();
  pointAt(exchange);
  appendFileSync('config.yaml', '\nstrategy: { fast: 5 }\n');
  writeFileSync('.env', 'BINANCE_API_KEY=1\nBINANCE_SECRET_KEY=2\n');
  await expect(firstValueFrom(closedCandles$('BTCUSDT', '1s'))).resolves.toMatchObject({ symbol: 'BTCUSDT' });
});

it('leaves nothing behind when everybody leaves before the files are read', async () => {
  await using exchange = await startFakeExchange();
  pointAt(exchange);
  closedCandles$('BTCUSDT', '1s').subscribe().unsubscribe();
  closedCandles$('BTCUSDT', '1s')
    .pipe(takeUntil(timer(0)))
    .subscribe();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([exchange.stats.connectionsEver, exchange.stats.attempts]).toEqual([0, 0]);
  await firstValueFrom(closedCandles$('BTCUSDT', '1s'));
});

it('gives every waiting subscriber the same complaint, and reads anew for who comes back on it', async () => {
  writeFileSync('config.yaml', 'venue: nasdaq');
  await using exchange = await startFakeExchange();
  const candles$ = closedCandles$('BTCUSDT', '1s');
  const both = Promise.allSettled([firstValueFrom(candles$), firstValueFrom(candles$)]);
  const again = firstValueFrom(
    candles$.pipe(
      catchError(() => {
        pointAt(exchange);
        return candles$;
      }),
    ),
  );
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await again).toMatchObject({ symbol: 'BTCUSDT' });
});
