import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { VenueId } from '../../src/core/candle.ts';
import { readApiKeys } from '../../src/adapters/api-keys.ts';

beforeEach(() => {
  vi.stubEnv('BINANCE_API_KEY', 'key');
  vi.stubEnv('BINANCE_API_SECRET', 'secret');
});
afterEach(() => void vi.unstubAllEnvs());

it.each(['binance-usdm', 'binance-coinm', 'binance-spot', 'ccxt:binance', 'ccxt:binanceusdm'])(
  'gives %s the keys of Binance',
  async (venue) => {
    expect((await readApiKeys(venue as VenueId)).credentials).toEqual({ apiKey: 'key', apiSecret: 'secret' });
  },
);

it.each(['okx', 'bybit-linear', 'ccxt:kraken'])('keeps them from %s, half of them too', async (venue) => {
  expect((await readApiKeys(venue as VenueId)).credentials).toBeUndefined();
  vi.stubEnv('BINANCE_API_SECRET', '');
  expect(await readApiKeys(venue as VenueId)).toEqual({ credentials: undefined, file: undefined, complaints: [] });
});

it('gives an exchange of ccxt its own keys, and a password where it has one', async () => {
  vi.stubEnv('KRAKEN_API_KEY', 'its key');
  vi.stubEnv('KRAKEN_API_SECRET', 'its secret');
  vi.stubEnv('KRAKEN_API_PASSWORD', '');
  const credentials = { apiKey: 'its key', apiSecret: 'its secret' };
  expect((await readApiKeys('ccxt:kraken')).credentials).toEqual(credentials);
  vi.stubEnv('KRAKEN_API_PASSWORD', 'its password');
  expect((await readApiKeys('ccxt:kraken')).credentials).toEqual({ ...credentials, apiPassword: 'its password' });
  expect((await readApiKeys('ccxt:okx')).credentials).toBeUndefined();
});

it('names the half that is missing', async () => {
  vi.stubEnv('KRAKEN_API_KEY', 'its key');
  const { complaints } = await readApiKeys('ccxt:kraken');
  expect(complaints.map(({ about }) => about)).toEqual([expect.stringMatching(/^KRAKEN_API_SECRET: is missing/)]);
});
