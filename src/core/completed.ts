/** Fills in defaults for what is missing or undefined. */
export function completed<T extends object>(defaults: T, given: { readonly [K in keyof T]?: T[K] | undefined }): T {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(set) as Partial<T>) };
}
