import { filter, map, merge, pairwise, switchMap, timer } from 'rxjs';
import { EventType, createFeed } from 'rx-candles';

const feed = createFeed({ venue: 'binance-spot', reconnect: { maxRetries: Infinity } });
const candles$ = feed.closedCandles$('BTCUSDT', '1m', { history: 1 });
const LEVEL = Number(process.env['LEVEL'] ?? 100_000);

const crossed$ = candles$.pipe(
  pairwise(),
  filter(([before, now]) => before.close > LEVEL !== now.close > LEVEL),
  map(([, { close }]) => `BTCUSDT crossed ${LEVEL}: ${close}`),
);

/** Nothing is lost meanwhile, but whoever relies on candles wants to know that they are late. */
const late$ = candles$.pipe(
  switchMap(() => timer(90_000)),
  map(() => 'no candle for 90 s'),
);
const lost$ = feed.bus.on(EventType.RECONNECTING).pipe(map(({ reason }) => `connection lost: ${reason}`));

/** Send it where you read it: a webhook, a mail. */
merge(crossed$, late$, lost$).subscribe((alert) => console.log(alert));
