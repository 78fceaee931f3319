/** Milliseconds since 1970-01-01T00:00:00.000Z. */
export type EpochMs = number;
