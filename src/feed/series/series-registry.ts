import type { Unsubscribable } from 'rxjs';
import type { SeriesStatus } from '../../core/status.ts';
import type { SeriesContext } from './series-context.ts';
import { keyOf, type SeriesName } from './series-name.ts';
import type { SeriesSubscriber } from './series-subscriber.ts';
import { statusOf } from './series-record.ts';
import { Series } from './series.ts';

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

  /** The live series of this name. One that has ended is replaced. */
  live(name: SeriesName): Series {
    const known = this.#all.get(keyOf(name));
    return known?.subscribers.isOver === false ? known : this.#add(name, keyOf(name));
  }

  /** A series that is only read. */
  past(name: SeriesName): Series {
    return this.#add(name);
  }

  /** Ends with `unsubscribe()`. */
  membershipOf(subscriber: SeriesSubscriber, series: Series): Unsubscribable {
    return new Membership(this, subscriber, series);
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

  /** Calls `tell` for every series, also when it throws for one of them. */
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

/** A subscriber of a series. An object, since a closure per subscription would take twice the memory. */
class Membership implements Unsubscribable {
  readonly #registry: SeriesRegistry;
  readonly #subscriber: SeriesSubscriber;
  readonly #series: Series;

  constructor(registry: SeriesRegistry, subscriber: SeriesSubscriber, series: Series) {
    this.#registry = registry;
    this.#subscriber = subscriber;
    this.#series = series;
  }

  unsubscribe(): void {
    this.#registry.leave(this.#series, this.#subscriber);
  }
}
