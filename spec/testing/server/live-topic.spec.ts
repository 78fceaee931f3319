import { expect, it } from 'vitest';
import { DIALECTS } from '../../../src/testing/dialects/dialects.ts';
import type { Connection } from '../../../src/testing/server/connection.ts';
import { closeInfoOf, push, together, type LiveTopic } from '../../../src/testing/server/live-topic.ts';
import { SymbolState } from '../../../src/testing/market/symbols.ts';

/** A connection that writes down what happens to it. */
function recorder(log: string[], name: string): Connection {
  const note = (what: string) => (): void => { log.push(`${name} ${what}`); }; // prettier-ignore
  return { cork: note('cork'), uncork: note('uncork'), deliver: note('deliver') } as unknown as Connection;
}

function topic(...subscribers: Connection[]): LiveTopic {
  const [dialect = expect.fail()] = DIALECTS.filter(({ rules }) => rules.id === 'binance-spot');
  const symbol = new SymbolState(dialect.rules, { symbol: 'BTCUSDT' }, { seed: 1, now: 0 });
  return {
    key: 'k',
    name: 'btcusdt@kline_1m',
    venue: { dialect, symbols: new Map() },
    symbol,
    interval: '1m',
    slot: 0,
    subscribers: new Set(subscribers),
    shown: '',
    held: undefined,
  };
}

it('writes what belongs to one moment at one go, however many series', () => {
  const log: string[] = [];
  const [a, b] = [recorder(log, 'a'), recorder(log, 'b')];
  together([topic(a, b), topic(a)], (each) => {
    push(each, '{}');
  });
  expect(log).toEqual(['a cork', 'b cork', 'a deliver', 'b deliver', 'a deliver', 'a uncork', 'b uncork']);
});

it('names the close as scripts know it', () => {
  expect(closeInfoOf(topic(), 5)).toEqual({ venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1m', openTime: 5 });
});
