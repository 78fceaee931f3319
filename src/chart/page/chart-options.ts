import { ColorType, CrosshairMode, TickMarkType, type ChartOptions, type DeepPartial } from 'lightweight-charts';
import type { Theme } from './theme.ts';
import { markText, timeText, type Mark } from './time-text.ts';

const MARK_OF: Readonly<Record<TickMarkType, Mark>> = {
  [TickMarkType.Year]: 'year',
  [TickMarkType.Month]: 'month',
  [TickMarkType.DayOfMonth]: 'day',
  [TickMarkType.Time]: 'time',
  [TickMarkType.TimeWithSeconds]: 'seconds',
};

/** The logo would need a style sheet of its own, and sends its visitors with a note where they came from: the page has a line instead. */
export const FIXED_OPTIONS: DeepPartial<ChartOptions> = {
  autoSize: true,
  layout: { attributionLogo: false, fontSize: 12, panes: { enableResize: true } },
  crosshair: { mode: CrosshairMode.Normal },
  timeScale: { rightOffset: 6, barSpacing: 8, timeVisible: true, secondsVisible: true },
  rightPriceScale: { scaleMargins: { top: 0.16, bottom: 0.06 } },
};

export function themeOptions(theme: Theme): DeepPartial<ChartOptions> {
  const { background, text, grid, line, crosshair } = theme;
  const cross = { color: crosshair, labelBackgroundColor: crosshair };
  return {
    layout: {
      background: { type: ColorType.Solid, color: background },
      textColor: text,
      fontFamily: getComputedStyle(document.body).fontFamily,
      panes: { separatorColor: line, separatorHoverColor: grid },
    },
    grid: { vertLines: { color: grid }, horzLines: { color: grid } },
    crosshair: { vertLine: cross, horzLine: cross },
    rightPriceScale: { borderColor: line },
    timeScale: { borderColor: line },
  };
}

/** All times of the chart are UTC; a zone changes how they are written. */
export function zoneOptions(timeZone: string): DeepPartial<ChartOptions> {
  return {
    localization: { timeFormatter: (time: number) => timeText(time * 1000, timeZone) },
    timeScale: {
      tickMarkFormatter: (time: number, type: TickMarkType) => markText(time * 1000, MARK_OF[type], timeZone),
    },
  };
}
