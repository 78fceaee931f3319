import type { NamedRewrite } from '../../faults/stream-faults.ts';

/** A kline event written in another way. */
export function rewritten(text: string, how: NamedRewrite): string {
  return WAYS[how](text);
}

interface Event {
  e: unknown;
  k: Record<string, unknown>;
}

const WAYS: Readonly<Record<NamedRewrite, (text: string) => string>> = {
  'no B': (text) => text.replace(/, ?"B":"0"/, ''),
  'extra fields': (text) =>
    text
      .replace('{"e":"kline"', '{"zz":{"x":false,"y":[1]},"st":1,"e":"kline"')
      .replace('"B":"0"', '"B":"0","new":{"x":false}'),
  spaced: (text) => JSON.stringify(JSON.parse(text), null, 1),
  shuffled: (text) => changed(text, (event) => { event.k = Object.fromEntries(Object.entries(event.k).reverse()); }), // prettier-ignore
  'bad JSON': (text) => text.replace('"k":{', '"k":{,'),
  truncated: (text) => text.slice(0, Math.floor(text.length * 0.6)),
  'wrong types': (text) => changed(text, (event) => { event.k['t'] = 'soon'; event.k['o'] = null; }), // prettier-ignore
  'missing fields': (text) => changed(text, (event) => { delete event.k['T']; delete event.k['c']; }), // prettier-ignore
};

function changed(text: string, change: (event: Event) => void): string {
  const event = JSON.parse(text) as Event;
  change(event);
  return JSON.stringify(event);
}
