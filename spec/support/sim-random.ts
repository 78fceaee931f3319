/** Numbers in [0, 1) that depend on nothing but their seed: mulberry32. */
export function simRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    return mixed(state);
  };
}

/** One number in [0, 1) for a question, the same whenever it is asked. */
export function chanceOf(seed: number, ...question: readonly (number | string)[]): number {
  let hash = seed >>> 0;
  for (const part of question) hash = fold(hash, String(part));
  return mixed(hash);
}

function fold(start: number, text: string): number {
  let hash = start ^ 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return Math.imul(hash ^ 0x2c, 0x01000193) >>> 0;
}

function mixed(state: number): number {
  let value = Math.imul(state ^ (state >>> 15), state | 1);
  value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
  return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
}
