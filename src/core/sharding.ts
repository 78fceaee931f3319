/** A connection that could take one more topic. */
export interface Place {
  readonly topics: number;
  /** Length of the names of its topics together. */
  readonly chars: number;
  /** It waits to be opened again after a failure. */
  readonly isWaiting: boolean;
  /** It is the right kind of connection for the topic. */
  readonly fits: boolean;
}

export interface PlaceLimits {
  readonly topicsPerConnection: number;
  readonly topicCharsPerConnection: number;
}

/**
 * Which connection takes one more topic: the fullest that has room, the earlier of two equals, one that waits for its next
 * session only where no other has room; −1 when none has. Nothing that is already placed ever moves, and thin
 * connections run empty instead of being topped up.
 *
 * @param chars - length of the topic's name
 */
export function choosePlace(places: readonly Place[], chars: number, limits: PlaceLimits): number {
  let chosen = -1;
  let best = -1;
  places.forEach((place, index) => {
    if (!hasRoom(place, chars, limits)) return;
    const rank = place.isWaiting ? 0 : 1 + place.topics;
    if (rank <= best) return;
    chosen = index;
    best = rank;
  });
  return chosen;
}

function hasRoom({ fits, topics, chars }: Place, more: number, limits: PlaceLimits): boolean {
  return fits && topics < limits.topicsPerConnection && chars + more <= limits.topicCharsPerConnection;
}
