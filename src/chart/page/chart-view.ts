import {
  CandlestickSeries, createChart, createSeriesMarkers, HistogramSeries, PriceScaleMode,
  type IChartApi, type ISeriesApi, type ISeriesMarkersPluginApi, type Time,
} from 'lightweight-charts'; // prettier-ignore
import type { Point } from '../wire.ts';
import { fetchedMarkers, toBar, toHoleBar, toVolumeBar } from './bars.ts';
import { lastCandle } from './book.ts';
import { FIXED_OPTIONS, themeOptions, zoneOptions } from './chart-options.ts';
import type { Theme } from './theme.ts';

/** How wide a candle and its gap are drawn at first, px. */
const FIRST_WIDTH_PX = 8;
/** Free places to the right of the last. */
const ROOM = 6;
/** More changes than these are drawn as one. */
const MOST_UPDATES = 50;
/** How much of the height the volume takes. */
const VOLUME_SHARE = 0.22;

/** The chart as it is drawn; it knows points, and nothing of where they come from. */
export interface ChartView {
  readonly api: IChartApi;
  readonly candles: ISeriesApi<'Candlestick'>;
  /** Draws another series, from its newest candle on. */
  readonly show: (points: readonly Point[]) => void;
  /** Draws what has changed. */
  readonly update: (points: readonly Point[], changed: readonly number[] | 'all') => void;
  readonly setTheme: (theme: Theme) => void;
  readonly setLog: (isLog: boolean) => void;
  readonly setTimeZone: (timeZone: string) => void;
  readonly setDecimals: (decimals: number) => void;
  readonly goToNow: () => void;
}

interface Drawn {
  readonly chart: IChartApi;
  readonly candles: ISeriesApi<'Candlestick'>;
  readonly volume: ISeriesApi<'Histogram'>;
  readonly holes: ISeriesApi<'Histogram'>;
  readonly markers: ISeriesMarkersPluginApi<Time>;
}

export function createChartView(element: HTMLElement, theme: Theme): ChartView {
  const drawn = draw(element, theme);
  const { chart, candles } = drawn;
  let [colors, shown]: [Theme, readonly Point[]] = [theme, []];
  const redraw = (): void => drawAll(drawn, shown, colors);
  return {
    api: chart,
    candles,
    show: (points) => {
      shown = points;
      redraw();
      candles.priceScale().applyOptions({ autoScale: true });
      goTo(chart, points.length);
    },
    update: (points, changed) => {
      const newest = shown.at(-1)?.timestamp;
      shown = points;
      if (changed === 'all' || changed.length > MOST_UPDATES) redraw();
      else drawChanges(drawn, { points, changed, colors, newest });
      if (newest === undefined) goTo(chart, points.length);
    },
    setTheme: (next) => {
      colors = next;
      chart.applyOptions(themeOptions(next));
      candles.applyOptions(candleColors(next));
      redraw();
    },
    setLog: (isLog) =>
      candles.priceScale().applyOptions({ mode: isLog ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal }),
    setTimeZone: (timeZone) => chart.applyOptions(zoneOptions(timeZone)),
    setDecimals: (precision) =>
      candles.applyOptions({ priceFormat: { type: 'price', precision, minMove: 10 ** -precision } }),
    goToNow: () => chart.timeScale().scrollToPosition(ROOM, !matchMedia('(prefers-reduced-motion: reduce)').matches),
  };
}

/** What is added first is drawn below the others. */
function draw(element: HTMLElement, theme: Theme): Drawn {
  const chart = createChart(element, { ...FIXED_OPTIONS });
  chart.applyOptions(themeOptions(theme));
  const quiet = { priceLineVisible: false, lastValueVisible: false };
  const holes = chart.addSeries(HistogramSeries, {
    ...quiet,
    priceScaleId: 'holes',
    autoscaleInfoProvider: () => ({ priceRange: { minValue: 0, maxValue: 1 } }),
  });
  holes.priceScale().applyOptions({ scaleMargins: { top: 0, bottom: 0 } });
  const candles = chart.addSeries(CandlestickSeries, candleColors(theme));
  const volume = chart.addSeries(HistogramSeries, { ...quiet, priceFormat: { type: 'volume' } }, 1);
  chart.panes()[1]?.setStretchFactor(VOLUME_SHARE);
  return { chart, candles, volume, holes, markers: createSeriesMarkers(candles, []) };
}

function candleColors({ up, down }: Theme) {
  return { upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderVisible: false };
}

function drawAll({ candles, volume, holes, markers }: Drawn, points: readonly Point[], colors: Theme): void {
  candles.setData(points.map(toBar));
  volume.setData(points.map((point) => toVolumeBar(point, colors)));
  holes.setData(points.map((point) => toHoleBar(point, colors)));
  markers.setMarkers(fetchedMarkers(points, colors));
}

interface Changes {
  readonly points: readonly Point[];
  readonly changed: readonly number[];
  readonly colors: Theme;
  /** Open time of the newest point that is drawn. */
  readonly newest: number | undefined;
}

/** A point that is not the newest is changed in its place: its slot is there already. */
function drawChanges({ candles, volume, holes, markers }: Drawn, changes: Changes): void {
  const { points, changed, colors } = changes;
  let newest = changes.newest ?? -Infinity;
  for (const place of changed) {
    const point = points[place];
    if (point === undefined) continue;
    const isOlder = point.timestamp < newest;
    newest = Math.max(newest, point.timestamp);
    candles.update(toBar(point), isOlder);
    volume.update(toVolumeBar(point, colors), isOlder);
    holes.update(toHoleBar(point, colors), isOlder);
  }
  const isFetched = changed.some((place) => fetchedMarkers(points.slice(place, place + 1), colors).length > 0);
  if (isFetched) markers.setMarkers(fetchedMarkers(points, colors));
}

function goTo(chart: IChartApi, count: number): void {
  const seen = Math.max(20, chart.timeScale().width() / FIRST_WIDTH_PX - ROOM);
  chart.timeScale().setVisibleLogicalRange({ from: count - seen, to: count + ROOM });
}

/** The price to put a crosshair at: of the newest candle, where a slot has none. */
export function priceOf(point: Point | undefined, points: readonly Point[]): number {
  return point !== undefined && 'close' in point ? point.close : (lastCandle(points)?.close ?? 0);
}
