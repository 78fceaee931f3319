import { WebsocketClient } from 'binance';

const client = new WebsocketClient({ beautify: true });

client.on('formattedMessage', (message) => {
  if (message.eventType === 'kline' && message.kline.final) console.log(message.kline.startTime, message.kline.close);
});
client.on('reconnected', () => {
  // Whatever closed meanwhile has to be fetched over REST here.
});
client.subscribe(['btcusdt@kline_1m', 'ethusdt@kline_1m'], 'usdm');
