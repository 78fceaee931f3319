import { EventType, createFeed } from 'rx-candles';

const feed = createFeed({ venue: 'binance-spot', logLevel: 'silent' });

/** All but candles: what the log would say, for a program that tells it in its own way. */
feed.bus.events$.subscribe((event) => {
  if (event.type !== EventType.CANDLE_CLOSED) console.error(JSON.stringify(event));
});

feed.closedCandles$('BTCUSDT', '1m').subscribe({
  next: ({ timestamp, close }) => console.log(timestamp, close),
  error: (error: unknown) => console.error(error),
});

/** Now and every minute: connections, the exchange's clock against ours, what is waited for. */
const health = () =>
  feed.status$
    .subscribe(({ connections, clockOffsetMs, openGaps, lastDataAt, slowestHandlerMs }) =>
      console.error({ connections, clockOffsetMs, openGaps, lastDataAt, slowestHandlerMs }),
    )
    .unsubscribe();
const timer = setInterval(health, 60_000);
process.once('SIGINT', () => { clearInterval(timer); void feed.close(); }); // prettier-ignore
