/** Both sessions go on for so long after the new one has delivered, ms. */
const OVERLAP_MS = 1000;
/** How long to wait for the new session's first data once it is acknowledged, ms. */
const PROOF_MS = 30_000;

/** What is known of a session and the one that is to replace it. */
export interface OverlapState {
  readonly now: number;
  /** Klines received so far by the session in use. */
  readonly oldFrames: number;
  /** Klines received so far by the new session. */
  readonly newFrames: number;
  /** Whether the new session is open and everything wanted is acknowledged on it. */
  readonly acknowledged: boolean;
}

/**
 * When a new session may take the place of the old one: acknowledged, then data, then a second more. Where neither
 * delivers for half a minute the market is quiet and the new one will do; where only the old one does, the new one is
 * no good.
 */
export class Overlap {
  #acknowledged: OverlapState | undefined;
  #deliveredAt: number | undefined;

  judge(state: OverlapState): 'wait' | 'take over' | 'give up' {
    if (!state.acknowledged) return 'wait';
    this.#acknowledged ??= state;
    if (state.newFrames > this.#acknowledged.newFrames) this.#deliveredAt ??= state.now;
    if (this.#deliveredAt !== undefined) return state.now - this.#deliveredAt >= OVERLAP_MS ? 'take over' : 'wait';
    return judgeSilent(this.#acknowledged, state);
  }
}

function judgeSilent(acknowledged: OverlapState, { now, oldFrames }: OverlapState): 'wait' | 'take over' | 'give up' {
  if (now - acknowledged.now < PROOF_MS) return 'wait';
  return oldFrames > acknowledged.oldFrames ? 'give up' : 'take over';
}
