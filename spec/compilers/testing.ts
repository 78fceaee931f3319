/** A user's test, which has the types of Node beside it. */
import { startFakeExchange } from 'rx-candles/testing';

export async function main(): Promise<string> {
  const exchange = await startFakeExchange({ seed: undefined });
  await exchange.close();
  return exchange.endpoints().stream;
}
