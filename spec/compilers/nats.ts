/** A user's feeder and reader of a log, without the packages of NATS beside it. */
import { createFeed } from 'rx-candles';
import { closedCandlesOf$, feedTo, natsLog, type CandleLog, type NatsLog } from 'rx-candles/nats';

export async function main(): Promise<number> {
  const log: NatsLog = natsLog({ servers: ['nats://127.0.0.1:4222'], credentials: { token: 'x' }, tls: undefined });
  const { messages } = await log.ensureStream({ replicas: 1 });
  const series = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1m' } as const;
  feedTo(log, createFeed(), series, { history: 5 }).subscribe(({ outcome }) => outcome === 'stored');
  return messages + last(log);
}

function last(log: CandleLog): number {
  let close = 0;
  closedCandlesOf$(log, 'BTCUSDT', '1m', { since: new Date(0) }).subscribe((candle) => (close = candle.close));
  return close;
}
