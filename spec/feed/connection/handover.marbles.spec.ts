import { NEVER, filter, type Observable } from 'rxjs';
import type { TestScheduler } from 'rxjs/testing';
import { describe } from 'vitest';
import { DEFAULT_RECONNECT } from '../../../src/core/defaults.ts';
import type { DisconnectReason } from '../../../src/core/events.ts';
import { connectRateLimiter } from '../../../src/feed/connection/connect-rate-limiter.ts';
import { handover$ } from '../../../src/feed/connection/handover.ts';
import type { HandoverContext } from '../../../src/feed/connection/handover-context.ts';
import type { SessionMessage } from '../../../src/feed/connection/session-message.ts';
import { StreamCounters } from '../../../src/feed/connection/stream-counters.ts';
import { SessionError } from '../../../src/ports/session.ts';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';
import { candle } from '../../support/candle.ts';
import { marbles } from '../../support/marbles.ts';

const closed = (minute: number): SessionMessage => ({
  kind: 'candle',
  candle: candle(minute),
  finality: 'final',
  eventTime: null,
});
const MESSAGES: Readonly<Record<string, SessionMessage>> = {
  a: closed(1),
  b: closed(2),
  c: closed(3),
  d: closed(4),
  g: { kind: 'going away' },
  o: { kind: 'opened' },
  t: { kind: 'trouble', reason: 'rejected', detail: 'no' },
};
const ENDED = new SessionError('ended', 'cut');

/** A session that is acknowledged at once and delivers all the time. */
class FakeSession {
  endReason: DisconnectReason = 'no longer needed';
  endDetail: string | undefined;
  ageMs = 0;
  silentMs = 0;
  isOpen = true;
  allAcknowledged = true;
  #looks = 0;

  /** One more at each look. */
  get dataFrames(): number {
    return this.#looks++;
  }
}

/** Candles of a handover between the sessions given, in the order in which they are opened. */
function line(
  scheduler: TestScheduler,
  ...sessions: readonly Observable<SessionMessage>[]
): Observable<SessionMessage> {
  const context: HandoverContext = {
    scheduler,
    random: () => 0.5,
    silenceMs: Infinity,
    rotateAfterMs: Infinity,
    counters: new StreamCounters(),
    protocol: binanceUsdm.stream,
    reconnect: { ...DEFAULT_RECONNECT, jitter: false },
    connects: connectRateLimiter({ limit: 100, windowMs: 1000 }),
    publish: () => undefined,
    url: 'wss://example.test',
    silentTopics$: NEVER,
    wanted: { has: () => true, changed$: NEVER },
  };
  let opened = 0;
  const open = () => ({ session: new FakeSession(), messages$: sessions[opened++] ?? NEVER });
  return handover$(open, context).pipe(filter((message): message is SessionMessage => message.kind === 'candle'));
}

// A standby is looked at every 250 ms: seen at the first look, delivering at the second, in place a second later.
describe('handover$', () => {
  marbles(
    'passes one session on while nothing happens',
    ({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const active = cold('-o-a--b-----', MESSAGES);
      const left = '        ^----------!';
      const result = '      ---a--b-----';
      expectObservable(line(scheduler, active), left).toBe(result, MESSAGES);
      expectSubscriptions(active.subscriptions).toBe('^----------!');
    },
  );

  marbles('overlaps two sessions after a notice', ({ cold, scheduler, expectObservable, expectSubscriptions }) => {
    const active = cold(' -a 8ms g 1s b 900ms c', MESSAGES);
    const standby = cold('         -o 1s b 900ms d', MESSAGES);
    const left = '        ^ 2499ms !';
    expectObservable(line(scheduler, active, standby), left).toBe('-a 1009ms bb 900ms d', MESSAGES);
    expectSubscriptions(active.subscriptions).toBe('^ 1509ms !');
    expectSubscriptions(standby.subscriptions).toBe('10ms ^ 2489ms !');
  });

  marbles(
    'goes on with the standby when the active one dies first',
    ({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const active = cold(' -a 8ms g 99ms #', MESSAGES, ENDED);
      const standby = cold('         -o 199ms b', MESSAGES);
      const left = '        ^ 499ms !';
      expectObservable(line(scheduler, active, standby), left).toBe('-a 209ms b', MESSAGES);
      expectSubscriptions(active.subscriptions).toBe('^ 109ms !');
      expectSubscriptions(standby.subscriptions).toBe('10ms ^ 489ms !');
    },
  );

  marbles('errors with the active one where there is no standby', ({ cold, scheduler, expectObservable }) => {
    const active = cold(' -a--#', MESSAGES, ENDED);
    expectObservable(line(scheduler, active)).toBe('-a--#', MESSAGES, ENDED);
  });

  marbles(
    'tries another standby after one that failed, and the active one goes on',
    ({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const active = cold(' 10ms g 1s a', MESSAGES);
      const refused = cold('     #', MESSAGES, ENDED);
      const standby = cold('-o', MESSAGES);
      const left = '        ^ 1999ms !';
      expectObservable(line(scheduler, active, refused, standby), left).toBe('1011ms a', MESSAGES);
      expectSubscriptions(refused.subscriptions).toBe('10ms (^!)');
      expectSubscriptions(standby.subscriptions).toBe('1010ms ^ 989ms !');
    },
  );

  marbles(
    'gives a session in trouble up at once when it delivers nothing',
    ({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const mute = cold('   --t', MESSAGES);
      const lost = new SessionError('ended', 'no', { reason: 'rejected' });
      expectObservable(line(scheduler, mute)).toBe('--#', MESSAGES, lost);
      expectSubscriptions(mute.subscriptions).toBe('^-!');
    },
  );
});
