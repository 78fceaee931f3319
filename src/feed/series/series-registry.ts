import type { SeriesStatus } from '../../core/status.ts';
import type { SeriesContext } from './series-context.ts';
import type { SeriesName } from './series-report.ts';
import type { SeriesSubscriber } from './series-subscriber.ts';
import { statusOf } from './series-record.ts';
import { Series } from './series.ts';

/** A name for maps. */
const keyOf = ({ symbol, interval }: SeriesName): string => `${symbol}@${interval}`;

export interface SeriesRegistryOptions {
  readonly context: () => SeriesContext;
  /** The first series is about to be made. */
  readonly onFirst: () => void;
  /** A series came or went. */
  readonly onChanged: () => void;
}

/** The series of a feed: made when first subscribed to, gone with the last subscriber. */
export class SeriesRegistry {
  readonly #options: SeriesRegistryOptions;
  /** Live series by name; those that are only read by themselves. */
  readonly #all = new Map<string | Series, Series>();

  constructor(options: SeriesRegistryOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  /** The live series of this name; one that has ended is no use to who comes now. */
  live(name: SeriesName): Series {
    const known = this.#all.get(keyOf(name));
    return known?.subscribers.isOver === false ? known : this.#add(name, keyOf(name));
  }

  /** A series that is only read. */
  past(name: SeriesName): Series {
    return this.#add(name);
  }

  leave(series: Series, subscriber: SeriesSubscriber): void {
    series.subscribers.delete(subscriber);
    if (!series.subscribers.isEmpty) return;
    series.stop();
    this.#all.delete(series);
    if (this.#all.get(keyOf(series)) === series) this.#all.delete(keyOf(series));
    this.#options.onChanged();
  }

  statuses(): readonly SeriesStatus[] {
    return [...this.#all.values()].map((series) => statusOf(series, this.#options.context()));
  }

  /** Tells every series, also where one of them fails. */
  forEach(tell: (series: Series) => void): void {
    for (const series of [...this.#all.values()]) {
      try {
        tell(series);
      } catch (bug) {
        series.onBug(bug);
      }
    }
  }

  #add(name: SeriesName, key?: string): Series {
    const { context, onFirst, onChanged } = this.#options;
    if (this.isEmpty) onFirst();
    const series = new Series(name, context(), key !== undefined);
    this.#all.set(key ?? series, series);
    onChanged();
    return series;
  }
}
