import { defer, map, repeat, scan, takeWhile, takeLast, timer, type Observable } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { confirmationsFor } from '../../core/missing-rules.ts';
import type { SymbolList } from '../rest/symbol-list.ts';
import type { SeriesContext } from './series-context.ts';
import type { SymbolStatusOptions } from './symbol-status-monitor.ts';

type Deps = Pick<SeriesContext, 'readerOf' | 'waits' | 'scheduler' | 'clock' | 'venue'>;

/** Answers for all symbols of a feed whether they still trade. */
export class SymbolStatusSource implements SymbolStatusOptions {
  readonly #deps: Deps & Pick<SeriesContext, 'symbols'>;

  constructor(deps: Deps & Pick<SeriesContext, 'symbols'>) {
    this.#deps = deps;
  }

  get symbols(): SymbolList {
    return this.#deps.symbols;
  }

  get longestPauseMs(): number {
    return this.#deps.venue.longestPauseMs;
  }

  exchangeNow(): EpochMs | undefined {
    const { clock } = this.#deps;
    return clock.known ? clock.now() : undefined;
  }

  lastCloseSince$(symbol: string, since: EpochMs): Observable<EpochMs> {
    return lastCloseSince$(symbol, since, this.#deps);
  }
}

/**
 * When the last candle of a minute of a symbol closed; -Infinity for never. One answer with a close at or after `since` is
 * enough; that there is none is believed after as many as prove that a candle is missing.
 *
 * Emits:     once, then completes.
 * Errors:    never; failures are waited out, and told.
 */
function lastCloseSince$(
  symbol: string,
  since: EpochMs,
  { readerOf, waits, scheduler, clock, venue }: Deps,
): Observable<EpochMs> {
  const reader = readerOf(symbol, '1m');
  const newest$ = defer(() => reader.newest$(clock.now() + 1, 1));
  const { answers, everyMs } = confirmationsFor(since, clock.now(), venue.evidence);
  return waits.untilAnswered$({ what: 'last candle', symbol, interval: '1m' }, newest$).pipe(
    repeat({ count: answers, delay: () => timer(everyMs, scheduler) }),
    map((rows) => rows.at(-1)?.closeTime ?? -Infinity),
    scan((latest, close) => Math.max(latest, close), -Infinity),
    takeWhile((latest) => latest < since, true),
    takeLast(1),
  );
}
