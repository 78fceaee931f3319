/** Ticks without traffic before a ping is sent, and before the connection is given up. */
const TICKS_UNTIL_PING = 3;
const TICKS_UNTIL_DEAD = 6;

/**
 * Whether the peer still lives, judged once a tick (1 s) by whether anything at all has come since the last. Counts
 * ticks, not time: after a blocked event loop or sleep, peers get the chance to answer first.
 */
export class Liveness {
  #signs = 0;
  #quietTicks = 0;

  /** `ping` answers false when it could not be sent now. */
  tick(signsOfLife: number, ping: () => boolean): 'alive' | 'dead' {
    if (signsOfLife !== this.#signs) this.#quietTicks = 0;
    else this.#quietTicks++;
    this.#signs = signsOfLife;
    if (this.#quietTicks === TICKS_UNTIL_PING && !ping()) this.#quietTicks--;
    return this.#quietTicks >= TICKS_UNTIL_DEAD ? 'dead' : 'alive';
  }
}
