import { VirtualTimeScheduler } from 'rxjs';

/** Virtual time that is moved by hand. */
export class VirtualClock extends VirtualTimeScheduler {
  constructor() {
    super(undefined, 0);
  }

  /** Does everything that is due within the next `ms`, in order. */
  advance(ms: number): void {
    this.maxFrames = this.frame + ms;
    this.flush();
    this.frame = this.maxFrames;
  }
}
