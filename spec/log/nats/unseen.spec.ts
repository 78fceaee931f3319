import { defer } from 'rxjs';
import { LogError } from '../../../src/core/errors.ts';
import { LogInterrupted } from '../../../src/core/log-interrupted.ts';
import { unseen$ } from '../../../src/log/nats/unseen.ts';
import { marbles } from '../../support/marbles.ts';

/** Sequence number of the last message that the log has. */
const last = { a: 7 };
const lost = new LogInterrupted('message 7 has not come');

marbles('says nothing while what the log has comes', ({ cold, scheduler, expectObservable }) => {
  const last$ = cold('5s (a|)', last);
  expectObservable(unseen$({ last$, seen: () => 7, scheduler }), '^ 600s !').toBe('');
});

marbles('gives a message until the next look to come', ({ cold, scheduler, expectObservable }) => {
  const last$ = cold('5s (a|)', last);
  const seen = () => (scheduler.now() < 119_000 ? 6 : 7);
  expectObservable(unseen$({ last$, seen, scheduler }), '^ 600s !').toBe('');
});

marbles('reads again for a last message that has not come', ({ cold, scheduler, expectObservable }) => {
  const last$ = cold('5s (a|)', last);
  expectObservable(unseen$({ last$, seen: () => 6, scheduler }), '^ 600s !').toBe('120s #', undefined, lost);
});

marbles('does not take a look without an answer for a loss', ({ cold, scheduler, expectObservable }) => {
  const unanswered = cold<number>('5s #', undefined, new LogInterrupted('timeout'));
  const answered = cold('(a|)', last);
  const last$ = defer(() => (scheduler.now() < 180_000 ? unanswered : answered));
  expectObservable(unseen$({ last$, seen: () => 6, scheduler }), '^ 600s !').toBe('240s #', undefined, lost);
});

marbles('ends with what waiting does not mend', ({ cold, scheduler, expectObservable }) => {
  const gone = new LogError('no stream', 'CANDLES', { what: 'the server has no such stream' });
  expectObservable(unseen$({ last$: cold<number>('5s #', undefined, gone), seen: () => 0, scheduler })).toBe(
    '65s #',
    undefined,
    gone,
  );
});
