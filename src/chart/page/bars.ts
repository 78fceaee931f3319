import type {
  CandlestickData, HistogramData, SeriesMarker, UTCTimestamp, WhitespaceData,
} from 'lightweight-charts'; // prettier-ignore
import { isCandle, type ChartCandle, type Point } from '../wire.ts';

export interface BarColors {
  readonly upVolume: string;
  readonly downVolume: string;
  readonly fetched: string;
  readonly fetching: string;
  readonly missing: string;
}

/** lightweight-charts counts in seconds; it takes ms for seconds without a word, and draws the year 55000. */
export function secondsOf(timestamp: number): UTCTimestamp {
  return Math.floor(timestamp / 1000) as UTCTimestamp;
}

/** A candle, or the place of one that is not there: without it its neighbours would be drawn side by side. */
export function toBar(point: Point): CandlestickData<UTCTimestamp> | WhitespaceData<UTCTimestamp> {
  const time = secondsOf(point.timestamp);
  if (!isCandle(point)) return { time };
  const { open, high, low, close } = point;
  return { time, open, high, low, close };
}

export function toVolumeBar(
  point: Point,
  colors: BarColors,
): HistogramData<UTCTimestamp> | WhitespaceData<UTCTimestamp> {
  const time = secondsOf(point.timestamp);
  if (!isCandle(point)) return { time };
  return { time, value: point.volume, color: point.close < point.open ? colors.downVolume : colors.upVolume };
}

/** A stripe from top to bottom where there is no candle. */
export function toHoleBar(point: Point, colors: BarColors): HistogramData<UTCTimestamp> | WhitespaceData<UTCTimestamp> {
  const time = secondsOf(point.timestamp);
  return isCandle(point) ? { time } : { time, value: 1, color: colors[point.hole] };
}

/** A dot below each candle that the stream did not bring. */
export function fetchedMarkers(points: readonly Point[], colors: BarColors): SeriesMarker<UTCTimestamp>[] {
  const isFetched = (point: Point): point is ChartCandle => isCandle(point) && point.source === 'backfill';
  return points.filter(isFetched).map(({ timestamp }) => ({
    time: secondsOf(timestamp),
    position: 'belowBar',
    shape: 'circle',
    color: colors.fetched,
    size: 0.5,
  }));
}
