import { lastValueFrom, take, toArray } from 'rxjs';
import { closedCandles$ } from 'rx-candles';

export const dynamic = 'force-dynamic';

/** Two candles, a timestamp a line. */
export async function GET() {
  const candles = await lastValueFrom(closedCandles$('BTCUSDT', '1s').pipe(take(2), toArray()));
  return new Response(candles.map(({ timestamp }) => `${timestamp}\n`).join(''));
}
