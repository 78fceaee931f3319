import { catchError, EMPTY, map, merge } from 'rxjs';
import { EventBus, type VenueId } from '../index.ts';
import { closedCandlesOf$, LogCounts, type CandleLog, type LogStatus } from '../log/nats/index.ts';
import type { CandleSource, SourceStatus } from './candle-source.ts';
import { MOST_CLOSES } from './live/board.ts';
import { logNotices$ } from './log-notices.ts';

/**
 * The candles of one market out of a log.
 *
 * @param from - the log, what it is called in metrics, and the market
 * @param say - takes lines about the way to the log
 */
export function logSource(
  { log, name, venue }: { readonly log: CandleLog; readonly name: string | undefined; readonly venue: VenueId },
  say: (line: string) => void,
): CandleSource {
  const logged = new LogCounts(log, { name });
  // eslint-disable-next-line rxjs-x/no-ignored-error -- the status of a log never errors
  const notices = logNotices$(log.status$).subscribe(say);
  return {
    closedCandles$: (symbol, interval, options) =>
      closedCandlesOf$(log, symbol, interval, { ...options, venue, counts: logged }),
    status$: log.status$.pipe(map(shownOf)),
    bus: new EventBus(),
    logged,
    // It goes on after them; what the table has already changes nothing.
    lastCloses$: (wanted) =>
      merge(
        ...wanted.map(({ symbol, interval }, index) =>
          closedCandlesOf$(log, symbol, interval, { venue, history: MOST_CLOSES }).pipe(
            map((candle) => ({ index, candle })),
            catchError(() => EMPTY),
          ),
        ),
      ),
    close: async () => {
      notices.unsubscribe();
      await log.close();
    },
  };
}

function shownOf(status: LogStatus): SourceStatus {
  return { clockOffsetMs: null, openGaps: 0, connection: connectionOf(status), origin: 'from the log' };
}

function connectionOf(status: LogStatus): SourceStatus['connection'] {
  switch (status.state) {
    case 'connected':
      return [`connected to ${status.server}`, 'green'];
    case 'waiting':
      return [`no connection (${status.reason})`, 'red'];
    case 'closed':
      return ['closed', 'red'];
    case 'idle':
    case 'connecting':
      return ['connecting', 'yellow'];
  }
}
