import type { Candle } from '../../index.ts';
import { openStore, type CandleStore, type SeriesGap } from '../../store/index.ts';
import type { CandleFile } from './candle-file.ts';
import { isSameSeries } from './held.ts';
import { holeBetween } from './holes.ts';

/**
 * Opens a store; it may hold other series, and others may write to it. What it has already is read from the exchange again
 * and compared, so that one that was stopped early is gone on with by the same command.
 *
 * @throws StoreError for a file that is no store
 */
export async function openStoreFile(path: string): Promise<CandleFile> {
  return new StoreFile(await openStore(path));
}

class StoreFile implements CandleFile {
  readonly held = [];
  readonly canResume = true;
  readonly #store: CandleStore;
  #last: Candle | undefined;

  constructor(store: CandleStore) {
    this.#store = store;
  }

  async append(candles: readonly Candle[]): Promise<void> {
    await this.#store.append(candles, gapsIn([...(this.#last === undefined ? [] : [this.#last]), ...candles]));
    this.#last = candles.at(-1) ?? this.#last;
  }

  finish(): Promise<void> {
    return this.#store.close();
  }

  stop(): Promise<void> {
    return this.#store.close();
  }
}

/** What the exchange lacks between candles that follow each other. */
function gapsIn(candles: readonly Candle[]): readonly SeriesGap[] {
  return candles.flatMap((after, index) => {
    const before = candles[index - 1];
    if (before === undefined || !isSameSeries(before, after)) return [];
    const hole = holeBetween(before, after);
    return hole === undefined ? [] : [{ ...hole, venue: after.venue }];
  });
}
