import type { EpochMs, VenueId } from '../../core/candle.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { DIALECTS } from '../dialects/dialects.ts';
import { hashText } from '../market/random.ts';
import { SymbolState, type FakeSymbol } from '../market/symbols.ts';
import type { FakeExchangeOptions } from '../options.ts';
import type { VenueState } from './exchange-state.ts';

/** The markets that a fake exchange speaks for, each with its symbols. */
export function venuesOf(options: FakeExchangeOptions, now: EpochMs): Map<VenueId, VenueState> {
  const seed = hashText(options.seed ?? 1, 'market');
  return new Map(
    dialectsOf(options).map((dialect) => {
      const { rules } = dialect;
      const listed = options.symbols?.[rules.id] ?? dialect.symbols;
      const states = listed.map((symbol) => new SymbolState(rules, named(symbol), { seed, now }));
      return [rules.id, { dialect, symbols: new Map(states.map((state) => [state.symbol, state])) }];
    }),
  );
}

function dialectsOf({ venues }: FakeExchangeOptions): readonly Dialect[] {
  if (venues === undefined) return DIALECTS;
  if (venues.length === 0) throw new RangeError('venues: name at least one');
  return venues.map((venue) => {
    const dialect = DIALECTS.find(({ rules }) => rules.id === venue);
    if (dialect !== undefined) return dialect;
    throw new RangeError(`venues: the fake exchange speaks for ${DIALECTS.map(({ rules }) => rules.id).join(', ')}`);
  });
}

function named(symbol: string | FakeSymbol): FakeSymbol {
  return typeof symbol === 'string' ? { symbol } : symbol;
}
