import { distinctUntilChanged, firstValueFrom, map } from 'rxjs';
import type { About, ListedSymbol } from '../wire.ts';
import { hashOf } from './address.ts';
import { mountAnnouncer } from './announcer.ts';
import { follow } from './cell.ts';
import { createChartView, type ChartView } from './chart-view.ts';
import { createCrosshair, type Crosshair } from './crosshair.ts';
import { byId, byKind, setText } from './dom.ts';
import { mountHeadline } from './headline.ts';
import { mountIntervals } from './intervals.ts';
import { mountKeys } from './keys.ts';
import { mountLegend } from './legend.ts';
import { followServer } from './live.ts';
import { createModel, showNext, type Model } from './model.ts';
import { createPastLoader } from './past.ts';
import { preferencesOf } from './preferences.ts';
import { getJson } from './requests.ts';
import { saveScreenshot } from './screenshot.ts';
import { mountSearch, type Search } from './search.ts';
import { mountSeriesList } from './series-list.ts';
import { shownOf, type Shown } from './shown.ts';
import { mountStatusLine } from './status-line.ts';
import { applyTheme, DARK, theme$ } from './theme.ts';
import { mountTools } from './tools.ts';

/** Older candles are asked for when so few are left of the view. */
const NEAR_BEGINNING = 60;

async function start(): Promise<void> {
  const about = await getJson<About>('/api/about');
  const model = createModel(about, location.hash, preferencesOf(localStorage.getItem('rx-candles')));
  const themes$ = theme$(model);
  applyTheme(themes$);
  const view = createChartView(byId('chart'), await firstValueFrom(themes$, { defaultValue: DARK }));
  const shown = shownOf(model);
  const crosshair = createCrosshair(view, () => model.bookOf(model.series.get().shown).points);
  follow(themes$, (theme) => view.setTheme(theme));
  drawShown(model, view, shown);
  mountLegend(shown, crosshair);
  mountHeadline(model, shown);
  mountSeriesList(model);
  mountIntervals(model);
  mountTools(model);
  mountStatusLine(model);
  mountAnnouncer(model, crosshair);
  mountButtons({ model, view, crosshair, search: mountSearch(model) });
  follow(model.series.value$, (series) => history.replaceState(null, '', hashOf(series)));
  followServer(model);
  // What is drawn, for the browser's console and for whoever drives this page with a program.
  Object.assign(globalThis, { rxCandles: { chart: view.api, candles: view.candles } });
  model.symbols.set(await getJson<readonly ListedSymbol[]>('/api/symbols'));
}

/** Keeps the drawing as the model is, and asks for older candles when they come near. */
function drawShown(model: Model, view: ChartView, { state$ }: Shown): void {
  const loadPast = createPastLoader(model);
  const isShown = (key: string): boolean => key === model.series.get().shown;
  const key$ = model.series.value$.pipe(
    map(({ shown }) => shown),
    distinctUntilChanged(),
  );
  follow(key$, (key) => view.show(model.bookOf(key).points));
  follow(model.changes$, ({ key, book, changed }) => {
    if (isShown(key) && changed.length > 0) view.update(book.points, changed);
  });
  follow(state$.pipe(map(({ decimals }) => decimals), distinctUntilChanged()), (decimals) => view.setDecimals(decimals)); // prettier-ignore
  follow(model.preferences.value$, ({ isLog, timeZone }) => {
    view.setLog(isLog);
    view.setTimeZone(timeZone);
  });
  view.api.timeScale().subscribeVisibleLogicalRangeChange((range) => {
    const { points } = model.bookOf(model.series.get().shown);
    byId('now').hidden = range === null || points.length === 0 || range.to >= points.length - 1;
    if (range !== null && range.from < NEAR_BEGINNING) loadPast(model.series.get().shown ?? '');
  });
}

interface Parts {
  readonly model: Model;
  readonly view: ChartView;
  readonly crosshair: Crosshair;
  readonly search: Search;
}

function mountButtons({ model, view, crosshair, search }: Parts): void {
  const help = byKind('help', HTMLDialogElement);
  const press = (id: string) => () => byId(id).click();
  const onClick = (id: string, action: () => void): void => byId(id).addEventListener('click', action);
  onClick('symbol', () => search.open('replace'));
  onClick('add', () => search.open('add'));
  onClick('add-first', () => search.open('add'));
  onClick('now', () => view.goToNow());
  onClick('picture', () => saveScreenshot(model, view));
  onClick('keys', () => help.showModal());
  mountKeys(
    {
      '/': press('symbol'), a: press('add'), i: () => byId('interval-input').focus(), n: press('now'), l: press('log'),
      t: press('theme'), z: () => byId('zone').focus(), s: press('picture'), '?': press('keys'),
      '[': () => showNext(model, -1), ']': () => showNext(model, 1),
    }, // prettier-ignore
    {
      ArrowLeft: () => crosshair.move(-1), ArrowRight: () => crosshair.move(1),
      PageUp: () => crosshair.move(-20), PageDown: () => crosshair.move(20),
      Home: () => crosshair.move(-Infinity), End: () => { crosshair.clear(); view.goToNow(); },
      Escape: () => crosshair.clear(), '+': () => zoom(view, 0.8), '-': () => zoom(view, 1.25),
    }, // prettier-ignore
  );
}

/** Towards the right edge of what is seen. */
function zoom(view: ChartView, factor: number): void {
  const range = view.api.timeScale().getVisibleLogicalRange();
  if (range === null) return;
  view.api.timeScale().setVisibleLogicalRange({ from: range.to - (range.to - range.from) * factor, to: range.to });
}

start().catch((error: unknown) => {
  byId('waiting').hidden = true;
  byId('trouble').hidden = false;
  setText(byId('trouble-text'), `The page could not start: ${error instanceof Error ? error.message : String(error)}`);
});
