import { gzipSync } from 'node:zlib';
import { exchangeNow } from './frames.mjs';

/** What the exchange's REST interface must answer for a client to be content; it counts who asks for what. */
export function restOf(symbols) {
  const seen = {};
  const info = gzipSync(
    JSON.stringify({ timezone: 'UTC', serverTime: exchangeNow(), rateLimits: [], symbols: symbols.map(infoOf) }),
  );
  const send = (response, body, headers = {}) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-mbx-used-weight-1m': '1', ...headers });
    response.end(body);
  };
  return {
    seen,
    handle(request, response) {
      const { pathname } = new URL(request.url, 'http://127.0.0.1');
      const name = pathname.slice(pathname.lastIndexOf('/') + 1);
      seen[name] = (seen[name] ?? 0) + 1;
      if (name === 'time') send(response, JSON.stringify({ serverTime: exchangeNow() }));
      else if (name === 'exchangeInfo') send(response, info, { 'content-encoding': 'gzip' });
      else send(response, '[]');
    },
  };
}

function infoOf(symbol) {
  const base = symbol.slice(0, -4);
  return {
    symbol, pair: symbol, contractType: 'PERPETUAL', deliveryDate: 4_133_404_800_000, onboardDate: 1_569_398_400_000,
    status: 'TRADING', baseAsset: base, quoteAsset: 'USDT', marginAsset: 'USDT', pricePrecision: 2,
    quantityPrecision: 3, baseAssetPrecision: 8, quotePrecision: 8, underlyingType: 'COIN', underlyingSubType: [],
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: '0.10', maxPrice: '1000000', tickSize: '0.10' },
      { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '1000', stepSize: '0.001' },
    ],
    orderTypes: ['LIMIT', 'MARKET'], timeInForce: ['GTC'],
  }; // prettier-ignore
}
