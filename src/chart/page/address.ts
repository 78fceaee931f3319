import type { SeriesKey } from '../wire.ts';

/** The open series as the page's address keeps them, the shown one first: it can be bookmarked, and survives a reload. */
export interface OpenSeries {
  readonly open: readonly SeriesKey[];
  readonly shown: SeriesKey | undefined;
}

/** `#BTCUSDT:1m,*ETHUSDT:1h`: in the order of the list, the shown one marked. */
export function hashOf({ open, shown }: OpenSeries): string {
  return `#${open.map((key) => `${key === shown ? '*' : ''}${encodeURIComponent(key).replaceAll('%3A', ':')}`).join(',')}`;
}

/** What an address asks for; the command line's series where it asks for nothing. */
export function openSeriesOf(hash: string, asked: readonly SeriesKey[]): OpenSeries {
  const words = hash.replace(/^#/, '').split(',').filter((word) => word.includes(':')); // prettier-ignore
  const keys = words.map((word) => decoded(word.replace(/^\*/, '')));
  const marked = words.findIndex((word) => word.startsWith('*'));
  const open = [...new Set(keys.length > 0 ? keys : asked)];
  return { open, shown: keys[marked] ?? open[0] };
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
