import type { Observable } from 'rxjs';
import type { Candle } from '../../core/candle.ts';
import type { CandleClosed } from '../../core/events.ts';
import { publishTo } from '../../operators/publish-to.ts';
import type { SeriesSignal } from '../../ports/candle-stream.ts';
import { exactlyOnce, type ExactlyOnceOptions } from './exactly-once.ts';

/**
 * Closed candles of one series, the promise kept. What comes in was filtered and mapped once a connection
 * (`feed/connection/connection.ts`); what goes out is shared by all subscribers of the series, each with a mark of its own
 * (`series-subscribers.ts`).
 *
 * @param signals$ - closes as the stream tells them; subscribing subscribes on the wire, unsubscribing ends that
 * @param bus - where each candle is published as CANDLE_CLOSED
 */
export function closedCandles$(
  signals$: Observable<SeriesSignal>,
  machine: ExactlyOnceOptions,
  bus: { publish(event: CandleClosed): void },
): Observable<Candle> {
  return signals$.pipe(exactlyOnce(machine), publishTo(bus));
}
