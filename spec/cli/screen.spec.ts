import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { brokenLines, screenOn } from '../../src/cli/screen.ts';
import { fakeTerminal } from '../support/terminal.ts';

describe('screenOn', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['as wide as before', 100, 100, 0],
    ['wider', 100, 160, 0],
    ['narrower, and every line still fits', 100, 80, 0],
    ['so narrow that the long line is broken in two', 100, 79, 1],
    ['so narrow that one is broken in three, the other in two', 100, 39, 3],
    ['narrower, where the long line had been broken before', 60, 40, 0],
  ])('knows how many lines there are more where the terminal is %s', (_, before, now, lines) => {
    expect(brokenLines([80, 40, 0], before, now)).toBe(lines);
  });

  it('takes away what a narrower terminal has made of its lines, escape codes not counted', async () => {
    const { terminal, out } = fakeTerminal({ isTTY: true, columns: 100 });
    const screen = await screenOn(terminal.out);
    screen.draw(`\u001b[32m${'x'.repeat(80)}\u001b[39m`);
    Object.assign(terminal.out, { columns: 30 });
    const before = out().length;
    screen.draw('short');
    expect(out()).toHaveLength(before);
    vi.advanceTimersByTime(300);
    screen.draw('short');
    const written = out().slice(before);
    // Three lines of x and the one of the cursor.
    expect(written.split('\u001b[1A').length - 1).toBe(3);
    expect(written).toMatch(/short\n/);
  });
});
