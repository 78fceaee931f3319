import { readFileSync } from 'node:fs';
import { createFeed } from 'rx-candles';

/** Through a proxy that asks for a password, in a network whose own authority signs all certificates. */
const feed = createFeed({
  proxy: 'http://bot:p%40ss@proxy.example:3128',
  tls: { ca: readFileSync('company-ca.pem') },
});

feed.closedCandles$('BTCUSDT', '1m').subscribe((candle) => console.log(candle.timestamp, candle.close));
