import type { Candle } from '../../index.ts';
import type { Wanted } from '../due.ts';

/** What is shown of one series. */
export interface Row {
  readonly wanted: Wanted;
  /** The newest closed candle; undefined before the first. */
  readonly last?: Candle;
  /** Closing prices, oldest first, the last one's included. */
  readonly closes: readonly number[];
  readonly isHidden?: true;
}

/** All series in the order asked for. */
export type Board = readonly Row[];

/** A closed candle of the series at `index`; undefined: the series cannot be watched, and has no line any more. */
export interface Update {
  readonly index: number;
  readonly candle: Candle | undefined;
}

/** Of a change in per cent: it is small from one minute to the next. */
export const CHANGE_DECIMALS = 3;

/** Closes that are kept of a series. */
export const MOST_CLOSES = 40;

export function emptyBoard(wanted: readonly Wanted[]): Board {
  return wanted.map((one) => ({ wanted: one, closes: [] }));
}

export function withUpdate(board: Board, { index, candle }: Update): Board {
  return board.map((row, at) => (at === index ? changed(row, candle) : row));
}

/** What is older than the newest candle changes nothing: the past that fills the table at the start may come late. */
function changed(row: Row, candle: Candle | undefined): Row {
  if (candle === undefined) return { ...row, isHidden: true };
  if (row.last !== undefined && candle.timestamp <= row.last.timestamp) return row;
  return { ...row, last: candle, closes: [...row.closes, candle.close].slice(-MOST_CLOSES) };
}

/** How the last close differs from the one before, in per cent, rounded; undefined before there are two. */
export function changeOf({ closes }: Row): number | undefined {
  const [before, last] = closes.slice(-2);
  if (before === undefined || last === undefined || before === 0) return undefined;
  // Not -0, which would be shown with its sign.
  return Number(((last / before - 1) * 100).toFixed(CHANGE_DECIMALS)) + 0;
}
