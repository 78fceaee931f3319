import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** What a process holds as some work goes on: `note()` after each part of it. MB; the heap without what is only waiting to be collected. */
export function memoryLog() {
  const notes = [];
  return {
    note() {
      collect();
      const { rss, heapUsed, external } = process.memoryUsage();
      notes.push({ rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20, external: external / 2 ** 20 });
    },
    /** `heap 8 9 9, RSS 70 81 81` */
    text() {
      const all = (name) => notes.map((note) => note[name].toFixed(0)).join(' ');
      return `heap ${all('heap')}, outside of it ${all('external')}, RSS ${all('rss')}`;
    },
  };
}
