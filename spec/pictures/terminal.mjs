/** A terminal of a known size, in which a program runs as a user sees it: tmux, on a server of its own. */
import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

const SERVER = `rx-candles-pictures-${process.pid}`;
/** How often a screen is looked at, ms. */
const LOOK_MS = 100;

const tmux = (...args) => execFileSync('tmux', ['-L', SERVER, '-f', '/dev/null', ...args], { encoding: 'utf8' });

/**
 * Opens a terminal with a shell in it.
 *
 * @param size - `{ columns, rows }`
 * @param setting - `{ cwd, path }`: the working directory, and a folder to look for programs in first
 */
export function openTerminal({ columns, rows }, { cwd, path }) {
  const environment = ['-e', `PATH=${path}:${process.env.PATH}`, '-e', 'PS1=$ ', '-e', 'COLORTERM=truecolor'];
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', cwd, ...environment, 'sh');
  return {
    type: (line) => tmux('send-keys', line, 'Enter'),
    press: (key) => tmux('send-keys', key),
    resize: (width) => tmux('resize-window', '-x', String(width), '-y', String(rows)),
    /** What is on the screen, with the escape codes of its colours. */
    screen: () => tmux('capture-pane', '-p', '-e').trimEnd(),
    text: () => tmux('capture-pane', '-p'),
    close: () => tmux('kill-server'),
  };
}

/** Waits until the screen shows something. */
export async function shows(terminal, pattern, withinMs = 60_000) {
  for (let waited = 0; !pattern.test(terminal.text()); waited += LOOK_MS) {
    if (waited > withinMs) throw new Error(`no ${pattern} within ${withinMs} ms on\n${terminal.text()}`);
    await setTimeout(LOOK_MS);
  }
}
