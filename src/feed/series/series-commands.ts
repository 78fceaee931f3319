import type { SeriesState } from '../../core/series-state.ts';
import type { SeriesEnd } from './series-end.ts';

/** What a series tells all its machines, the live one and those that read the past. */
export type SeriesCommand =
  /** The live machine may begin: clock and grid are known. */
  | { readonly kind: 'start'; readonly state: SeriesState }
  /** The symbol has stopped trading. */
  | { readonly kind: 'ended'; readonly end: SeriesEnd }
  /** The clock has moved. */
  | { readonly kind: 'wake' };

/** A machine that takes commands. */
export interface CommandListener {
  /** Never throws. */
  obey(command: SeriesCommand): void;
}

/** Sends commands to the machines that read the past of one series. */
export class SeriesCommands {
  #listeners: readonly CommandListener[] = [];

  add(listener: CommandListener): void {
    this.#listeners = [...this.#listeners, listener];
  }

  remove(listener: CommandListener): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener);
  }

  send(command: SeriesCommand): void {
    for (const listener of this.#listeners) listener.obey(command);
  }
}
