/**
 * Which shard takes one more topic: the fullest that has room, the earlier of two equals; −1 when none has.
 * Nothing that is already placed ever moves, and thin shards run empty instead of being topped up.
 *
 * @param loads - topics on each shard
 * @param capacity - most topics of one shard
 */
export function chooseShard(loads: readonly number[], capacity: number): number {
  let chosen = -1;
  let fullest = -1;
  loads.forEach((load, index) => {
    if (load >= capacity || load <= fullest) return;
    chosen = index;
    fullest = load;
  });
  return chosen;
}
