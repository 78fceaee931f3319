/**
 * What a load server and a client with bare sockets have to know of each market: names, paths, and how topics are asked
 * for. Topics are those of the exchange; `namesOf` gives what its spelling (`spelling/spellings.json`) is filled with.
 */
const binance = (quote) => ({
  symbolOf: (base) => `${base}${quote}`,
  path: '/market/stream?streams=',
  endpoint: '/market',
  topicOf: ({ symbol, interval }) => `${symbol.toLowerCase()}@kline_${interval}`,
  namesOf: (topic) => {
    const [name, interval] = topic.split('@kline_');
    return { topic, symbol: name.toUpperCase(), interval };
  },
  requests: (topics) => [JSON.stringify({ method: 'SUBSCRIBE', params: topics, id: 1 })],
  read: (text) => {
    const { method, params, id } = JSON.parse(text);
    return { topics: method === 'SUBSCRIBE' ? params : [], replies: [JSON.stringify({ result: null, id })] };
  },
});

const okx = {
  symbolOf: (base) => `${base}-USDT-SWAP`,
  path: '/ws/v5/business',
  endpoint: '',
  topicOf: ({ symbol, interval }) => `candle${interval}:${symbol}`,
  namesOf: (topic) => {
    const [channel, symbol] = topic.split(':');
    return { channel, symbol, interval: channel.slice('candle'.length) };
  },
  requests: (topics) => [JSON.stringify({ op: 'subscribe', args: topics.map(argOf) })],
  read: (text) => {
    if (text === 'ping') return { topics: [], replies: ['pong'] };
    const { op, args, id } = JSON.parse(text);
    const replies = args.map((arg) => JSON.stringify({ id, event: op, arg, connId: 'a4d3ae55' }));
    return { topics: op === 'subscribe' ? args.map(({ channel, instId }) => `${channel}:${instId}`) : [], replies };
  },
};

function argOf(topic) {
  const [channel, instId] = topic.split(':');
  return { channel, instId };
}

/** Of Bybit's words for lengths those below an hour are the minutes. */
const bybit = (category, quote = 'USDT') => ({
  symbolOf: (base) => `${base}${quote}`,
  path: `/v5/public/${category}`,
  endpoint: '',
  topicOf: ({ symbol, interval }) => `kline.${parseInt(interval, 10)}.${symbol}`,
  namesOf: (topic) => {
    const [, interval, symbol] = topic.split('.');
    return { topic, symbol, interval };
  },
  requests: (topics) => [JSON.stringify({ op: 'subscribe', args: topics })],
  read: (text) => {
    const { op, args = [], req_id: id } = JSON.parse(text);
    const reply = { success: true, ret_msg: op === 'ping' ? 'pong' : '', conn_id: '3cd8', req_id: id ?? '', op };
    return { topics: op === 'subscribe' ? args : [], replies: [JSON.stringify(reply)] };
  },
});

const gate = {
  symbolOf: (base) => `${base}_USDT`,
  path: '/ws/v4/',
  endpoint: '/ws/v4',
  topicOf: ({ symbol, interval }) => `${interval}_${symbol}`,
  namesOf: (topic) => {
    const [interval, ...symbol] = topic.split('_');
    return { topic, symbol: symbol.join('_'), interval };
  },
  requests: (topics) =>
    topics.map((topic, id) => {
      const { symbol, interval } = gate.namesOf(topic);
      return JSON.stringify({ id, channel: 'spot.candlesticks', event: 'subscribe', payload: [interval, symbol] });
    }),
  read: (text) => {
    const { id, channel, event, payload } = JSON.parse(text);
    const reply = { id, channel, event, error: null, result: { status: 'success' } };
    return { topics: event === 'subscribe' ? [payload.join('_')] : [], replies: [JSON.stringify(reply)] };
  },
};

export const VENUES = {
  'binance-usdm': binance('USDT'),
  'binance-coinm': binance('USD_PERP'),
  'binance-spot': binance('USDT'),
  okx,
  'bybit-linear': bybit('linear'),
  'bybit-inverse': bybit('inverse', 'USD'),
  'bybit-spot': bybit('spot'),
  'gate-spot': gate,
};
