export type Verdict = 'worse' | 'better' | 'as ever' | 'new' | 'not measured';
export interface Range {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}
export interface Comparison {
  readonly figure: string;
  readonly committed: Range | undefined;
  readonly measured: number | undefined;
  readonly verdict: Verdict;
}
export function rangeOf(values: readonly number[]): Range;
export function compare(
  committed: Readonly<Record<string, Range>>,
  measured: Readonly<Record<string, number>>,
): Comparison[];
export function lowest(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Record<string, number>;
export function sentenceOf(comparison: Comparison): string;
