import type { Duplex } from 'node:stream';

/** Whether the payload between two places of some bytes is to be taken out. */
export type IsSkipped = (bytes: Buffer, start: number, end: number) => boolean;

/**
 * Takes frames out of what a peer sends before `ws` reads them, so that they cost no objects. Whatever `ws` does with the
 * stream stays as it is: it sees a socket that never received them.
 *
 * To be called when the WebSocket has opened. Bytes that came with the answer to the handshake have no such beginning:
 * then all is left to `ws`.
 */
export function skipFrames(stream: Duplex, isSkipped: IsSkipped): void {
  if (stream.readableLength > 0) return;
  const skipper = new FrameSkipper(isSkipped);
  const push = stream.push.bind(stream);
  stream.push = (chunk: Buffer | null, encoding) => {
    if (chunk === null) return push(chunk);
    const rest = skipper.rest(chunk);
    return rest.length === 0 || push(rest, encoding);
  };
}

/** First byte of a text frame that is whole and not compressed, and of control frames. */
const TEXT = 0x81;
const CLOSE = 0x88;
const PING = 0x89;
const PONG = 0x8a;
/** In the place of a short length: the length stands in the next two bytes. Anything above is longer, or masked. */
const IN_TWO_BYTES = 126;
const NOTHING = Buffer.alloc(0);

/**
 * Walks from frame to frame through bytes as they come. Only text frames that are whole and lie in one piece are asked
 * about. All else goes on as it came: a frame in two pieces, a ping, a close; and everything from the first frame on that
 * is none of these (compressed, masked, binary, a fragment, of 64 KiB or more), which `ws` may understand or refuse.
 */
export class FrameSkipper {
  readonly #isSkipped: IsSkipped;
  /** How many of the next bytes belong to a frame that has begun to go on; Infinity from an unknown frame on. */
  #owed = 0;
  /** The beginning of a frame that does not say yet how long it is. */
  #held: Buffer = NOTHING;

  constructor(isSkipped: IsSkipped) {
    this.#isSkipped = isSkipped;
  }

  /** What is left of the next bytes of a connection. */
  rest(received: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? received : Buffer.concat([this.#held, received]);
    const kept: Buffer[] = [];
    const end = this.#walk(bytes, kept);
    this.#owed = end - Math.min(end, bytes.length);
    this.#held = bytes.subarray(end);
    return kept.length === 1 ? (kept[0] ?? NOTHING) : Buffer.concat(kept);
  }

  /** Collects what is not taken out; says where the last frame ends that has begun, which may be far beyond the bytes. */
  #walk(bytes: Buffer, kept: Buffer[]): number {
    let keptFrom = 0;
    let at = this.#owed;
    while (hasHeader(bytes, at)) {
      const end = endOf(bytes, at);
      if (end <= bytes.length && this.#skips(bytes, at, end)) {
        if (keptFrom < at) kept.push(bytes.subarray(keptFrom, at));
        keptFrom = end;
      }
      at = end;
    }
    if (keptFrom < Math.min(at, bytes.length)) kept.push(bytes.subarray(keptFrom, at));
    return at;
  }

  #skips(bytes: Buffer, at: number, end: number): boolean {
    return bytes[at] === TEXT && this.#isSkipped(bytes, at + headerLength(bytes, at), end);
  }
}

function hasHeader(bytes: Buffer, at: number): boolean {
  return at + 2 <= bytes.length && at + headerLength(bytes, at) <= bytes.length;
}

function headerLength(bytes: Buffer, at: number): number {
  return bytes[at + 1] === IN_TWO_BYTES ? 4 : 2;
}

/** Where a frame ends that has its header there; Infinity if nobody but `ws` can know. */
function endOf(bytes: Buffer, at: number): number {
  const [kind, length = Infinity] = [bytes[at], bytes[at + 1]];
  const isKnown = kind === TEXT || kind === PING || kind === PONG || kind === CLOSE;
  if (!isKnown || length > IN_TWO_BYTES) return Infinity;
  return length === IN_TWO_BYTES ? at + 4 + bytes.readUInt16BE(at + 2) : at + 2 + length;
}
