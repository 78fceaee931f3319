import { pastThenLive$ } from '../../../src/log/nats/past-then-live.ts';
import { marbles } from '../../support/marbles.ts';

const live = { L: 'live', ...Object.fromEntries(['1', '2', '3', '4', '5'].map((digit) => [digit, digit])) };

marbles('lets what comes wait behind what is stored', ({ cold, hot, expectObservable }) => {
  const past$ = cold('--1-2-3|          ');
  const live$ = hot(' ----3---------4--5');
  const expected = '  --1-2-3(L3)---4--5';
  expectObservable(pastThenLive$(past$, live$)).toBe(expected, live);
});

marbles(
  'fails with either, and leaves both when it is left',
  ({ cold, hot, expectObservable, expectSubscriptions }) => {
    expectObservable(pastThenLive$(cold('--1-#'), hot('-----'))).toBe('--1-#');
    expectObservable(pastThenLive$(cold('--1--'), hot('---#-'))).toBe('--1#');
    const [past$, live$] = [cold('-1-|'), hot('-----2-3-')];
    expectObservable(pastThenLive$(past$, live$), '^-----!').toBe('-1-L-2', live);
    expectSubscriptions(past$.subscriptions).toBe('^--!');
    expectSubscriptions(live$.subscriptions).toBe('^-----!');
  },
);
