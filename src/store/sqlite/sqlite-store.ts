import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Candle } from '../../core/candle.ts';
import { StoreError } from '../../core/errors.ts';
import type {
  Appended,
  CandleSeries,
  CandleStore,
  Gap,
  PageRequest,
  ReasonedGap,
  Revision,
  SeriesGap,
  SeriesInfo,
  StoredSpan,
} from '../../ports/candle-store.ts';
import { spelled } from '../../venues/series-key.ts';
import { spanOf } from '../span.ts';
import type { Database } from './engine.ts';
import { isBusy, toStoreError } from './failure.ts';
import { checkCandle } from './rows.ts';
import { Tables } from './tables.ts';

/** How long another writer is waited for, ms. */
const PATIENCE_MS = 3000;
const RETRY_MS = 20;
/** Candles held in memory by one `read`. */
const PAGE = 2000;

/** Works, again where another program holds the file, for a while. */
export async function whenFree<T>(path: string, work: () => T): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw toStoreError(error, path);
    }
    await setTimeout(RETRY_MS);
  }
}

/** An open file. */
export class SqliteStore implements CandleStore {
  readonly path: string;
  readonly #database: Database;
  readonly #tables: Tables;
  readonly #beforeClose: string;
  #isClosed = false;

  /** @param beforeClose - a last statement */
  constructor(path: string, database: Database, beforeClose: string) {
    this.path = path;
    this.#database = database;
    this.#tables = new Tables(database);
    this.#beforeClose = beforeClose;
  }

  async append(candles: readonly Candle[], gaps: readonly SeriesGap[] = []): Promise<Appended> {
    for (const candle of candles) checkCandle(candle, this.path);
    return this.#run((tables) => tables.append(candles, gaps.map(spelled)));
  }

  async last(series: CandleSeries): Promise<Candle | undefined> {
    const [last] = await this.page(series, { from: -Infinity, before: Infinity, limit: 1, newest: true });
    return last;
  }

  async gaps(series: CandleSeries): Promise<readonly Gap[]> {
    return this.#run((tables) => tables.gaps(spelled(series)));
  }

  async missing(series: CandleSeries): Promise<readonly ReasonedGap[]> {
    return this.#run((tables) => tables.missing(spelled(series)));
  }

  async revisions(series: CandleSeries): Promise<readonly Revision[]> {
    return this.#run((tables) => tables.revisions(spelled(series)));
  }

  async series(): Promise<readonly CandleSeries[]> {
    return this.#run((tables) => tables.series());
  }

  async info(): Promise<readonly SeriesInfo[]> {
    return this.#run((tables) => tables.info());
  }

  async *read(series: CandleSeries, span: StoredSpan = {}): AsyncGenerator<Candle, void, undefined> {
    const { from, before } = spanOf(span);
    let next = from;
    for (;;) {
      const page = await this.page(series, { from: next, before, limit: PAGE });
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      next = last.timestamp + 1;
      // Whoever reads years lets others have their turn.
      await setImmediate();
    }
  }

  async page(series: CandleSeries, request: PageRequest): Promise<readonly Candle[]> {
    return this.#run((tables) => tables.page(spelled(series), request));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    return whenFree(this.path, () => {
      this.#database.exec(this.#beforeClose);
      this.#database.close();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run<T>(work: (tables: Tables) => T): Promise<T> {
    return whenFree(this.path, () => {
      if (this.#isClosed)
        throw new StoreError('closed', this.path, { what: 'is closed; open it again by openStore()' });
      return work(this.#tables);
    });
  }
}
