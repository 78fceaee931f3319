import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { createFeed } from 'rx-candles';

const feed = createFeed({ venue: 'binance-spot', reconnect: { maxRetries: Infinity } });
const page = readFileSync(new URL('chart-page.html', import.meta.url));
const library = readFileSync(
  new URL('lightweight-charts.standalone.production.mjs', import.meta.resolve('lightweight-charts')),
);

/** Server-sent events: the last 500 candles, then every update. A browser that lost us begins again by itself. */
function sendCandles(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const subscription = feed
    .candles$('BTCUSDT', '1m', { history: 500 })
    .subscribe((candle) => response.write(`data: ${JSON.stringify(candle)}\n\n`));
  response.once('close', () => subscription.unsubscribe());
}

const server = createServer(({ url }, response) => {
  if (url === '/candles') sendCandles(response);
  else if (url === '/library.mjs') response.setHeader('content-type', 'text/javascript').end(library);
  else response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
}).listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1', () => console.log(server.address()));
