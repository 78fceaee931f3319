import { byId } from './dom.ts';

/** What each key does, by its name; the help dialog of the page lists them. */
export type KeyMap = Readonly<Record<string, () => void>>;

/** Keys of the whole page, but for fields that take text. */
export function mountKeys(everywhere: KeyMap, inChart: KeyMap): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const keys = isInChart(event.target) ? { ...everywhere, ...inChart } : everywhere;
    const action = keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}

function isInChart(target: EventTarget | null): boolean {
  return target === byId('chart') || target === document.body;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, select, textarea, dialog') !== null;
}
