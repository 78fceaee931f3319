/** What must change for `told` to become `wanted`. Both lists are in insertion order. */
export function differenceOf<T>(
  told: { keys(): Iterable<T>; has(name: T): boolean },
  wanted: { keys(): Iterable<T>; has(name: T): boolean },
): { readonly added: readonly T[]; readonly removed: readonly T[] } {
  return {
    added: [...wanted.keys()].filter((name) => !told.has(name)),
    removed: [...told.keys()].filter((name) => !wanted.has(name)),
  };
}
