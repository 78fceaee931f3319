/** Whether the recordings are at hand. */
export const HAS_RECORDINGS: boolean;
/** How each market spells a frame, by venue. */
export function deriveSpellings(): unknown;
