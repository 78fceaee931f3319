import { seriesOf } from '../wire.ts';
import type { ChartView } from './chart-view.ts';
import { byId, create } from './dom.ts';
import type { Model } from './model.ts';

const HEAD_PX = 34;

/** Saves the chart as a picture, with a line that says what it shows. */
export function saveScreenshot(model: Model, view: ChartView): void {
  const { symbol, interval } = seriesOf(model.series.get().shown ?? '');
  const time = new Date(model.now()).toISOString().slice(0, 19).replaceAll(':', '-');
  const legend = byId('legend-values').innerText.replaceAll('\n', ' ');
  const picture = withHead(view.api.takeScreenshot(true), `${symbol} · ${interval} · ${model.venue}   ${legend}`);
  picture.toBlob((blob) => {
    if (blob === null) return;
    const href = URL.createObjectURL(blob);
    create('a', {
      attributes: { href, download: `${symbol.replaceAll(/\W+/g, '-')}-${interval}-${time}.png` },
    }).click();
    URL.revokeObjectURL(href);
  });
}

function withHead(chart: HTMLCanvasElement, text: string): HTMLCanvasElement {
  const picture = create('canvas');
  const ratio = window.devicePixelRatio;
  picture.width = chart.width;
  picture.height = chart.height + HEAD_PX * ratio;
  const context = picture.getContext('2d');
  if (context === null) return chart;
  const style = getComputedStyle(document.body);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = style.color;
  context.font = `${14 * ratio}px ${style.fontFamily}`;
  context.fillText(text, 12 * ratio, 22 * ratio);
  context.drawImage(chart, 0, HEAD_PX * ratio);
  return picture;
}
