import { WebsocketClient } from 'binance';

const quiet = { trace: () => {}, info: () => {}, error: () => {} };

/** Klines whose `final` is true: https://github.com/tiagosiebler/binance, `formattedMessage`. */
export function watch({ endpoints, symbols }, emit) {
  const client = new WebsocketClient({ wsUrl: endpoints.stream, beautify: true }, quiet);
  client.on('formattedMessage', (message) => {
    if (message.eventType !== 'kline' || message.kline.final !== true) return;
    const { symbol, startTime: timestamp, open, high, low, close, volume } = message.kline;
    emit({ symbol, timestamp, open, high, low, close, volume });
  });
  client.on('exception', () => {});
  client.subscribe(
    symbols.map((symbol) => `${symbol.toLowerCase()}@kline_1s`),
    'main',
  );
}
