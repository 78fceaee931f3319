/** A terminal of a known size, in which a program runs as a user sees it: tmux, on a server of its own. */
import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

/** How often a screen is looked at, ms. */
const LOOK_MS = 100;

let opened = 0;

/** Each terminal has a server of its own: one that is about to end takes no new one. */
function tmuxOn(server) {
  return (args, options) =>
    execFileSync('tmux', ['-L', server, '-f', '/dev/null', ...args.map(String)], { encoding: 'utf8', ...options });
}

/**
 * Opens a terminal and runs a command line in it, whose last screen stays.
 *
 * @param size - `{ columns, rows }`
 * @param setting - `{ cwd, path }`: the working directory, and a folder to look for programs in first
 */
export function openTerminal(line, { columns, rows }, { cwd, path }) {
  const env = { ...process.env, PATH: `${path}:${process.env.PATH}` };
  const tmux = tmuxOn(`rx-candles-pictures-${process.pid}-${(opened += 1)}`);
  tmux(['new-session', '-d', '-x', columns, '-y', rows, `${line}; echo; echo done; sleep 600`], { cwd, env });
  return {
    resize: (width) => tmux(['resize-window', '-x', width, '-y', rows]),
    /** What is on the screen, with the escape codes of its colours. */
    screen: () => tmux(['capture-pane', '-p', '-e']),
    text: () => tmux(['capture-pane', '-p']),
    close: () => tmux(['kill-server']),
  };
}

/** Waits until the screen shows something. */
export async function shows(terminal, pattern, withinMs = 60_000) {
  for (let waited = 0; !pattern.test(terminal.text()); waited += LOOK_MS) {
    if (waited > withinMs) throw new Error(`no ${pattern} within ${withinMs} ms on\n${terminal.text()}`);
    await setTimeout(LOOK_MS);
  }
}
