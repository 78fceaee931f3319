import { combineLatest, fromEvent, map, startWith, type Observable } from 'rxjs';
import type { BarColors } from './bars.ts';
import { follow } from './cell.ts';
import type { Model } from './model.ts';

export interface Theme extends BarColors {
  readonly name: 'dark' | 'light';
  readonly background: string;
  readonly text: string;
  readonly grid: string;
  readonly line: string;
  readonly up: string;
  readonly down: string;
  readonly crosshair: string;
}

export const DARK: Theme = {
  name: 'dark', background: '#10151c', text: '#9fb0c3', grid: '#1b232e', line: '#2a3543', crosshair: '#6f8299',
  up: '#26b78d', down: '#f0616d', upVolume: '#26b78d66', downVolume: '#f0616d66',
  fetched: '#f5b942', fetching: '#f5b94240', missing: '#7f92a82e',
}; // prettier-ignore

const LIGHT: Theme = {
  name: 'light', background: '#ffffff', text: '#52606f', grid: '#eef1f5', line: '#d6dde5', crosshair: '#8494a6',
  up: '#0f9d76', down: '#d9414e', upVolume: '#0f9d7655', downVolume: '#d9414e55',
  fetched: '#b7770d', fetching: '#f0a81e3d', missing: '#8494a62b',
}; // prettier-ignore

/** The theme: what the user chose, or else what the system has. */
export function theme$(model: Model): Observable<Theme> {
  const query = matchMedia('(prefers-color-scheme: light)');
  const isLight$ = fromEvent(query, 'change').pipe(
    startWith(undefined),
    map(() => query.matches),
  );
  return combineLatest([model.preferences.value$, isLight$]).pipe(
    map(([{ theme }, isLight]) => (theme === 'light' || (theme === 'auto' && isLight) ? LIGHT : DARK)),
  );
}

/** Gives the theme to the style sheet. */
export function applyTheme(themes$: Observable<Theme>): void {
  follow(themes$, ({ name }) => {
    document.documentElement.dataset['theme'] = name;
  });
}
