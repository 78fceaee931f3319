import { byId, byKind, create } from './dom.ts';
import { follow } from './cell.ts';
import type { Model } from './model.ts';
import type { Preferences } from './preferences.ts';

/** Switches that hold for all charts: log scale, time zone, theme. */
export function mountTools(model: Model): void {
  const set = (what: Partial<Preferences>): void => model.preferences.set({ ...model.preferences.get(), ...what });
  const log = byId('log');
  log.addEventListener('click', () => set({ isLog: !model.preferences.get().isLog }));
  byId('theme').addEventListener('click', () => {
    set({ theme: document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark' });
  });
  const zone = byKind('zone', HTMLSelectElement);
  fillZones(zone);
  zone.addEventListener('change', () => set({ timeZone: zone.value }));
  follow(model.preferences.value$, (preferences) => {
    log.setAttribute('aria-pressed', String(preferences.isLog));
    zone.value = preferences.timeZone;
    localStorage.setItem('rx-candles', JSON.stringify(preferences));
  });
}

function fillZones(zone: HTMLSelectElement): void {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const others = Intl.supportedValuesOf('timeZone').filter((name) => name !== own && name !== 'UTC');
  const option = (value: string, text = value) => create('option', { text, attributes: { value } });
  const group = create('optgroup', { attributes: { label: 'All time zones' } }, ...others.map((name) => option(name)));
  zone.append(option('UTC'), ...(own === 'UTC' ? [] : [option(own, `${own} (here)`)]), group);
}
