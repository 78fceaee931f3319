import type { Refusal } from '../wire.ts';

/** @returns rejects with the server's own words */
export async function getJson<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
  const response = await fetch(`${path}?${new URLSearchParams(query).toString()}`);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error((body as Refusal).message);
  return body as T;
}
