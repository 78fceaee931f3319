import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstValueFrom } from 'rxjs';
import { createFeed, type FeedOptions } from 'rx-candles';
import { loadExchange } from '../../../src/adapters/ccxt/load.ts';
import type { VenueId } from '../../../src/core/candle.ts';
import { buildPackage } from '../../support/built.ts';

const QUICK = { restTimeoutMs: 1000 };

async function errorOf(venue: VenueId, options: FeedOptions = {}): Promise<unknown> {
  await using feed = createFeed({ venue, logLevel: 'silent', ...options });
  return await firstValueFrom(feed.closedCandles$('BTC/USDT', '1m')).catch((error: unknown) => error);
}

describe('an exchange of ccxt', () => {
  it.each<[string, VenueId, string]>([
    ['that it does not know', 'ccxt:krakem', 'venue: ccxt does not know the exchange "krakem"; did you mean ccxt:kraken?'],
    ['that it knows over REST alone', 'ccxt:btcmarkets', 'venue: ccxt:btcmarkets has no watchOHLCV in ccxt; an exchange needs both watchOHLCV and fetchOHLCV'],
    ['without sockets of candles', 'ccxt:bitstamp', 'venue: ccxt:bitstamp has no watchOHLCV in ccxt; an exchange needs both watchOHLCV and fetchOHLCV'],
    ['without rows of candles', 'ccxt:blockchaincom', 'venue: ccxt:blockchaincom has no fetchOHLCV in ccxt; an exchange needs both watchOHLCV and fetchOHLCV'],
    ['that is a list of all of them', 'ccxt:exchanges', 'venue: ccxt does not know the exchange "exchanges"'],
  ])('%s is a mistake in the options', async (_, venue, problem) => {
    expect(await errorOf(venue)).toMatchObject({ code: 'FEED_CONFIG', problems: [problem] });
  }); // prettier-ignore

  it('has a test network, or it is a mistake to ask for one', async () => {
    expect(await errorOf('ccxt:kraken', { testnet: true })).toMatchObject({ problems: ['testnet: ccxt:kraken has no test network'] }); // prettier-ignore
    const { urls } = await loadExchange('ccxt:bybit', { ...QUICK, testnet: true });
    expect(JSON.stringify(urls['api'])).toContain('testnet');
  });

  it('is asked at other hosts, on its own paths', async () => {
    const endpoints = { stream: 'ws://127.0.0.1:1/a', rest: 'http://127.0.0.1:2' };
    const { urls } = await loadExchange('ccxt:kraken', { ...QUICK, endpoints });
    expect(urls['api']).toMatchObject({ public: 'http://127.0.0.1:2', ws: { publicV2: 'ws://127.0.0.1:1/a/v2' } });
  });

  it('has the keys it was given, under its names for them', async () => {
    const credentials = { apiKey: 'a', apiSecret: 'b', apiPassword: 'c' };
    expect(await loadExchange('ccxt:okx', { ...QUICK, credentials })).toMatchObject({ apiKey: 'a', secret: 'b', password: 'c', timeout: 1000, enableRateLimit: true }); // prettier-ignore
  });
});

it('where ccxt is not installed, one error says how to install it', () => {
  const built = buildPackage();
  const folder = dirname(dirname(dirname(built.cli)));
  const modules = join(folder, 'node_modules');
  unlinkSync(modules);
  mkdirSync(modules);
  for (const name of ['rxjs', 'tslib']) symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name));
  const code = `
    const { createFeed } = await import(${JSON.stringify(join(folder, 'dist/index.js'))});
    createFeed({ venue: 'ccxt:kraken' }).closedCandles$('BTC/USD', '1m').subscribe({ error: (error) => console.log(error.code, error.problems) });`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder, encoding: 'utf8' }); // prettier-ignore
  built.remove();
  expect(stderr).toBe('');
  expect(stdout).toBe("FEED_CONFIG [\n  'venue: ccxt:kraken needs the package ccxt, which is not installed; run: npm install ccxt'\n]\n"); // prettier-ignore
});
