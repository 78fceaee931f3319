import { throttleTime } from 'rxjs';
import { EventType, createFeed } from 'rx-candles';

const feed = createFeed({ venue: 'binance-spot', logLevel: 'silent' });

/** All but candles: what the log would say, for a program that tells it in its own way. */
feed.bus.events$.subscribe((event) => {
  if (event.type !== EventType.CANDLE_CLOSED) console.error(JSON.stringify(event));
});

/** Once a minute: connections, the exchange's clock against ours, what is waited for, whether a handler is slow. */
feed.status$
  .pipe(throttleTime(60_000))
  .subscribe(({ connections, clockOffsetMs, openGaps, lastDataAt, slowestHandlerMs }) =>
    console.error({ connections, clockOffsetMs, openGaps, lastDataAt, slowestHandlerMs }),
  );

feed.closedCandles$('BTCUSDT', '1m').subscribe({
  next: ({ timestamp, close }) => console.log(timestamp, close),
  error: (error: unknown) => console.error(error),
});

process.once('SIGINT', () => void feed.close());
