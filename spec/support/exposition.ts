/** One line of Prometheus' text format: `name{label="value"} 1`. */
const LINE = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/;

/** The figures of a text in Prometheus' format, by name and labels; the labels in order, whatever the text's. */
export function figuresOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').flatMap((line) => LINE.exec(line)?.slice(1) === undefined ? [] : [LINE.exec(line) ?? []]); // prettier-ignore
  return new Map(lines.map(([, name = '', labels = '', value = '']) => [keyOf(name, labels), Number(value)]));
}

function keyOf(name: string, labels: string): string {
  const pairs = [...labels.matchAll(/[a-z_]+="(?:[^"\\]|\\.)*"/g)].map(([pair]) => pair);
  return `${name}{${pairs.sort().join()}}`;
}
