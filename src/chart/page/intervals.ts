import { keyOf, seriesOf } from '../wire.ts';
import { follow } from './cell.ts';
import { byId, byKind, create } from './dom.ts';
import { replaceShown, type Model } from './model.ts';

/** What most people switch between; any other is typed. */
const COMMON = ['1m', '5m', '15m', '1h', '4h', '1d', '1w'];

/** The lengths of candles: buttons for the common ones, and a field for all others, `7m` or `90m`. */
export function mountIntervals(model: Model): void {
  const input = byKind('interval-input', HTMLInputElement);
  const choose = (interval: string): void => {
    const { symbol } = seriesOf(model.series.get().shown ?? '');
    if (symbol !== '' && interval !== '') replaceShown(model, keyOf({ symbol, interval }));
  };
  const buttons = COMMON.map((interval) =>
    create('button', { text: interval, attributes: { type: 'button' }, onClick: () => choose(interval) }),
  );
  byId('intervals').prepend(...buttons);
  follow(model.series.value$, ({ shown = '' }) => {
    const { interval } = seriesOf(shown);
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.textContent === interval));
    input.value = COMMON.includes(interval) ? '' : interval;
    input.classList.toggle('is-chosen', input.value !== '');
  });
  input.addEventListener('focus', () => input.select());
  input.addEventListener('keydown', ({ key }) => {
    if (key !== 'Enter') return;
    choose(input.value.trim());
    input.blur();
  });
}
