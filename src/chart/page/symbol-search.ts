import type { ListedSymbol } from '../wire.ts';

/** As many as one looks through. */
const MOST_FOUND = 60;

/** The symbols that contain a text, the likeliest first: equal, then by asset, then by beginning, and those that trade. */
export function findSymbols(symbols: readonly ListedSymbol[], text: string): readonly ListedSymbol[] {
  const wanted = text.trim().toUpperCase();
  const ranked = symbols
    .map((listed) => ({ listed, rank: rankOf(listed, wanted) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, MOST_FOUND).map(({ listed }) => listed);
}

function rankOf({ symbol, base, isTrading }: ListedSymbol, wanted: string): number {
  const name = symbol.toUpperCase();
  const resting = isTrading ? 0 : 4;
  if (name === wanted) return resting;
  if (base?.toUpperCase() === wanted) return 1 + resting;
  if (name.startsWith(wanted)) return 2 + resting;
  return name.includes(wanted) ? 3 + resting : Infinity;
}
