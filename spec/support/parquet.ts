import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';

/** The rows of a Parquet file with times and counts as numbers again. */
export async function parquetRows(path: string): Promise<Record<string, unknown>[]> {
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, numberOf(value)])));
}

function numberOf(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'bigint' ? Number(value) : value;
}
