import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createFeed } from 'rx-candles';
import { instrument } from 'rx-candles/otel';

const provider = new MeterProvider({ readers: [new PrometheusExporter({ port: 9464 })] });
const feed = createFeed({ venue: 'okx' });
feed.closedCandles$('BTC-USDT', '1m').subscribe((candle) => {
  console.log(candle.symbol, candle.close);
});

/** Without a meter it takes that of the global provider. */
instrument(feed, provider.getMeter('rx-candles'));
