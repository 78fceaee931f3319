import { describe, expect, it } from 'vitest';
import type { Dialect, StreamSession } from '../../../../src/testing/dialects/dialect.ts';
import { BYBIT } from '../../../../src/testing/dialects/bybit/bybit.ts';
import { SymbolState } from '../../../../src/testing/market/symbols.ts';

const dialectOf = (category: string): Dialect =>
  BYBIT.find(({ rules }) => rules.id === `bybit-${category}`) ?? expect.fail(category);

function sessionOf({ rules, symbols }: Dialect, topics: readonly string[] = []): StreamSession {
  const names = symbols.map((one) => (typeof one === 'string' ? one : one.symbol));
  const states = names.map((symbol) => new SymbolState(rules, { symbol }, { seed: 1, now: 0 }));
  const bySymbol = new Map(states.map((state) => [state.symbol, state]));
  return { symbols: bySymbol, now: 0, options: {}, topics: new Set(topics), combined: false };
}

/** What a request comes to on one category. */
function asked(category: string, message: unknown, topics: readonly string[] = []) {
  const dialect = dialectOf(category);
  const session = sessionOf(dialect, topics);
  const { request, replies } = dialect.stream.read(JSON.stringify(message), session);
  const reaction = request === undefined ? {} : dialect.stream.react(request, session);
  const texts = replies ?? reaction.complaints ?? reaction.acks ?? [];
  const said = texts.map((text) => JSON.parse(text) as { success: boolean; ret_msg: string; req_id?: string });
  return { ...reaction, said };
}

const subscribe = (...args: string[]) => ({ req_id: '1', op: 'subscribe', args });

describe('a request', () => {
  it('is done as a whole', () => {
    const { subscribe: joined, said } = asked('linear', subscribe('kline.1.BTCUSDT', 'kline.D.BTCPERP'));
    expect(joined).toEqual(['kline.1.BTCUSDT', 'kline.D.BTCPERP']);
    expect(said).toMatchObject([{ success: true, ret_msg: '', req_id: '1', op: 'subscribe' }]);
  });

  it.each([
    ['linear', 'error:handler not found,topic:kline.1.NONE'],
    ['spot', 'Invalid symbol :[kline.1.NONE]'],
  ])('is refused as a whole when one topic is wrong: %s', (category, words) => {
    const { subscribe: joined, said } = asked(category, subscribe('kline.1.BTCUSDT', 'kline.1.NONE'));
    expect(joined).toBeUndefined();
    expect(said).toMatchObject([{ success: false, ret_msg: words, req_id: '1' }]);
  });

  it('for an interval that Bybit lacks is refused, and so is one in lower case', () => {
    for (const topic of ['kline.480.BTCUSDT', 'kline.1.btcusdt'])
      expect(asked('linear', subscribe(topic)).said).toMatchObject([{ success: false }]);
  });

  it('may have ten topics on spot, as many as there are on futures', () => {
    const topics = ['1', '3', '5', '15', '30', '60', '120', '240', '360', '720', 'D'].map((code) => `kline.${code}.BTCUSDT`); // prettier-ignore
    expect(asked('spot', subscribe(...topics)).said).toMatchObject([{ success: false, ret_msg: 'args size >10' }]);
    expect(asked('spot', subscribe(...topics)).broken).toMatchObject({ limit: 'topics' });
    expect(asked('spot', subscribe(...topics.slice(1))).said).toMatchObject([{ success: true }]);
    expect(asked('linear', subscribe(...topics)).said).toMatchObject([{ success: true }]);
  });

  it('that makes the topics of a connection longer than 21,000 characters breaks a limit', () => {
    const many = Array.from({ length: 1200 }, (_, index) => `kline.1.A${String(index)}USDT`);
    expect(asked('linear', subscribe('kline.1.BTCUSDT'), many).broken).toMatchObject({ limit: 'topics' });
    expect(asked('linear', subscribe('kline.1.BTCUSDT'), many.slice(0, 900)).broken).toBeUndefined();
  });

  it('for what is subscribed to already says so', () => {
    const words = 'error:already subscribed,topic:kline.1.BTCUSDT';
    const { said } = asked('linear', subscribe('kline.1.BTCUSDT'), ['kline.1.BTCUSDT']);
    expect(said).toMatchObject([{ success: false, ret_msg: words }]);
  });

  it('may be a ping; what nobody understands is answered too', () => {
    expect(asked('linear', { op: 'ping' }).said).toMatchObject([{ success: true, ret_msg: 'pong', req_id: '' }]);
    expect(asked('spot', { op: 'ping' }).said[0]).not.toHaveProperty('req_id');
    expect(asked('spot', { op: 'nope' }).said).toMatchObject([{ success: false, ret_msg: 'error:invalid op' }]);
    expect(asked('spot', 7).said).toMatchObject([{ success: false }]);
  });
});

it('each category is served on a path of its own', () => {
  const urls = ['spot', 'linear', 'inverse', 'option'].map((one) => new URL(`ws://127.0.0.1/v5/public/${one}`));
  const served = BYBIT.map(({ stream }) => urls.map((url) => stream.routeOf(url)?.routed === true));
  expect(served).toEqual([
    [true, false, false, false],
    [false, true, false, false],
    [false, false, true, false],
  ]);
});
