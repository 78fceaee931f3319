import type { Output } from './terminal.ts';

/** Some lines at the bottom of a terminal that are drawn again in place, and lines above them that stay. */
export interface Screen {
  /** Replaces what was drawn before. */
  readonly draw: (text: string) => void;
  /** Writes a line that stays. */
  readonly say: (line: string) => void;
  /** Takes what is drawn away. */
  readonly clear: () => void;
  /** Leaves what is drawn where it is. */
  readonly done: () => void;
}

/** A screen on a terminal; what draws it is loaded for those who have one. */
export async function screenOn(out: Output): Promise<Screen> {
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(out, { showCursor: true });
  return {
    draw: (text) => update(text),
    say: (line) => update.persist(line),
    clear: () => update.clear(),
    done: () => update.done(),
  };
}

/** Where nothing can be drawn: only the lines. */
export function linesOn(out: Output): Screen {
  const say = (line: string): void => void out.write(`${line}\n`);
  return { draw: () => undefined, say, clear: () => undefined, done: () => undefined };
}

/** True where lines can be drawn again: a terminal whose width is known and which knows how to move its cursor. */
export function canRedraw(out: Output, leastColumns: number): boolean {
  return out.isTTY === true && (out.columns ?? 0) >= leastColumns && process.env['TERM'] !== 'dumb';
}
