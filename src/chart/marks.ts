import type { SeriesKey } from './wire.ts';

/** Open time of the last closed candle that a page has of each series. */
export type Marks = ReadonlyMap<SeriesKey, number>;

/** The id of an event: what a page sends back as `Last-Event-ID` when it comes again. */
export function idOf(marks: Marks): string {
  return new URLSearchParams([...marks].map(([key, time]) => [key, String(time)] as [string, string])).toString();
}

/** What cannot be read is left out: that series begins anew. */
export function marksOf(id: string): Marks {
  const read = [...new URLSearchParams(id)].map(([key, time]) => [key, Number(time)] as const);
  return new Map(read.filter(([, time]) => Number.isSafeInteger(time) && time >= 0));
}
