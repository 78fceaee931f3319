import { combineLatest, interval, map, startWith } from 'rxjs';
import { follow } from './cell.ts';
import { byId, setText } from './dom.ts';
import type { Model } from './model.ts';
import { timeText } from './time-text.ts';
import { statusText } from './words.ts';

/** How the connections are, and the exchange's time. */
export function mountStatusLine(model: Model): void {
  const status$ = combineLatest([model.link.value$, model.feed.value$]).pipe(
    map(([link, feed]) => statusText(link, feed)),
  );
  follow(status$, ({ level, text }) => {
    byId('light').dataset['level'] = level;
    setText(byId('status-text'), text);
  });
  const second$ = interval(1000).pipe(startWith(0));
  follow(combineLatest([second$, model.preferences.value$]), ([, { timeZone }]) => {
    setText(byId('clock'), timeText(Math.floor(model.now() / 1000) * 1000, timeZone).replace(/^\S+ /, ''));
  });
  setText(byId('venue'), model.venue);
}
