import { Observable, Subscriber, type MonoTypeOperatorFunction, type TeardownLogic } from 'rxjs';
import type { Candle } from '../core/candle.ts';
import { EventType, type CandleClosed } from '../core/events.ts';

/**
 * Passes candles through and publishes each as `CANDLE_CLOSED`.
 *
 * A candle is published just before it is passed on, so the order on the bus is the order of the source also when a
 * subscriber makes the source emit from within its handler. Once per candle and subscription: put `share()` behind it
 * if there are several subscribers. A feed publishes by itself; this is for candles and a bus of your own.
 *
 * ```text
 * source  --1--2--3|
 * bus     --1--2--3-
 * result  --1--2--3|
 * ```
 *
 * Emits:     the source's candles, unchanged.
 * Errors:    with the source's error; the bus is not affected.
 * Completes: with the source; the bus stays open.
 * Time:      none of its own.
 *
 * @param bus - an `EventBus`; for candles of custom intervals, one with that type: `new EventBus<'7m'>()`
 */
export function publishTo<C extends Candle<string> = Candle>(bus: {
  publish(event: CandleClosed<C['interval']>): void;
}): MonoTypeOperatorFunction<C> {
  return (candles$) => new Observable((subscriber) => candles$.subscribe(new Publisher(subscriber, bus)));
}

interface Bus<C extends Candle<string>> {
  publish(event: CandleClosed<C['interval']>): void;
}

/** As `tap`, in one object of a quarter of its size, as RxJS makes its own operators: every series of a feed has one. */
// eslint-disable-next-line rxjs-x/no-subclass -- RxJS does not export the class that its operators use
class Publisher<C extends Candle<string>> extends Subscriber<C> {
  readonly #subscriber: Subscriber<C>;
  readonly #bus: Bus<C>;

  constructor(subscriber: Subscriber<C>, bus: Bus<C>) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- "internal" in RxJS 8; this package is for RxJS 7
    super(subscriber);
    this.#subscriber = subscriber;
    this.#bus = bus;
  }

  /** What ends with the source ends with the subscriber, in whose list there is room. */
  override add(teardown: TeardownLogic): void {
    this.#subscriber.add(teardown);
  }

  protected override _next(candle: C): void {
    try {
      const { venue, symbol, interval }: Candle<C['interval']> = candle;
      this.#bus.publish({ type: EventType.CANDLE_CLOSED, symbol, interval, candle, venue });
      this.#subscriber.next(candle);
    } catch (error) {
      this.#subscriber.error(error);
    }
  }
}
