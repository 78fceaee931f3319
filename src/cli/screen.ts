import type { Output } from './terminal.ts';

/** Some lines at the bottom of a terminal that are drawn again in place, and lines above them that stay. */
export interface Screen {
  /** Replaces what was drawn before; left out while the terminal is being made wider or narrower: draw again. */
  readonly draw: (text: string) => void;
  /** Writes a line that stays. */
  readonly say: (line: string) => void;
  /** Takes what is drawn away. */
  readonly clear: () => void;
  /** Leaves what is drawn where it is. */
  readonly done: () => void;
}

/** Escape codes: one line up, and empty it. */
const EMPTY_LINE_ABOVE = '\u001b[1A\u001b[2K';

/** So long a terminal keeps its width before it is drawn on again: what is drawn meanwhile is too wide when it arrives. */
const STEADY_MS = 250;

/** A screen on a terminal, which may become narrower meanwhile; what draws it is loaded for those who have one. */
export async function screenOn(out: Output): Promise<Screen> {
  const { createLogUpdate } = await import('log-update');
  const { default: widthOf } = await import('string-width');
  const update = createLogUpdate(out, { showCursor: true });
  const widthNow = (): number => out.columns ?? Infinity;
  let width = { columns: widthNow(), since: -Infinity };
  let drawn = { text: '', width: widthNow() };
  /** Before anything else is written, what the terminal has broken into more lines is taken away. */
  const replace = (text: string, write: () => void): void => {
    const broken = brokenLines(
      drawn.text.split('\n').map((line) => widthOf(line)),
      drawn.width,
      widthNow(),
    );
    drawn = { text, width: widthNow() };
    if (broken > 0) {
      update.clear();
      out.write(EMPTY_LINE_ABOVE.repeat(broken));
    }
    write();
  };
  const draw = (text: string): void => {
    if (widthNow() !== width.columns) width = { columns: widthNow(), since: Date.now() };
    if (Date.now() - width.since > STEADY_MS) replace(text, () => update(text));
  };
  return {
    draw,
    say: (line) => replace('', () => update.persist(line)),
    clear: () => replace('', () => update.clear()),
    done: () => update.done(),
  };
}

/**
 * How many lines there are more since lines were broken at another width, as most terminals do by themselves.
 *
 * @param widths - of the lines, in columns
 */
export function brokenLines(widths: readonly number[], before: number, now: number): number {
  const linesAt = (width: number, columns: number): number => Math.max(1, Math.ceil(width / Math.max(1, columns)));
  return widths.reduce((sum, width) => sum + Math.max(0, linesAt(width, now) - linesAt(width, before)), 0);
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
