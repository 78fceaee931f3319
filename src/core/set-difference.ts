/** What must change for `requested` to become `wanted`. Both lists are in insertion order. */
export function differenceOf<T>(
  requested: { keys(): Iterable<T>; has(name: T): boolean },
  wanted: { keys(): Iterable<T>; has(name: T): boolean },
): { readonly added: readonly T[]; readonly removed: readonly T[] } {
  return {
    added: [...wanted.keys()].filter((name) => !requested.has(name)),
    removed: [...requested.keys()].filter((name) => !wanted.has(name)),
  };
}
