const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes for people, in thousands: `512 B`, `33 kB`, `4.1 MB`. */
export function sizeText(bytes: number): string {
  const rank = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** rank;
  return `${value.toFixed(rank > 0 && value < 10 ? 1 : 0)} ${UNITS[rank] ?? ''}`;
}
