import { Observable, type Observer, type Subscriber } from 'rxjs';

/** The subscriber that RxJS makes of an observer, as an Observable's own function is given it. */
export function subscriberOf<T>(observer: Observer<T>): Subscriber<T> {
  let made: Subscriber<T> | undefined;
  new Observable<T>((subscriber) => {
    made = subscriber;
  }).subscribe(observer);
  if (made === undefined) throw new Error('RxJS made no subscriber');
  return made;
}
