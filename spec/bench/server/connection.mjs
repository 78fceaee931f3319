import { FRAMES_PER_CLOSE } from '../lib/series.mjs';
import { VENUES } from '../lib/venues.mjs';
import { TopicFrames, frameOf, vary } from './frames.mjs';

/** Blocks handed to the socket and not yet taken by the kernel. */
const BLOCKS_AHEAD = 3;

/** One client: a WebSocket by hand, as thin as can be, so that the server is never what is measured. */
export class Connection {
  constructor(socket, { isRaw, venue, topics }) {
    this.socket = socket;
    this.form = { isRaw, venue };
    this.topics = [];
    this.rest = Buffer.alloc(0);
    this.sent = 0;
    this.spare = [];
    this.inFlight = 0;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => this.read(bytes));
    this.add(topics);
  }

  add(topics) {
    for (const topic of topics) this.topics.push(new TopicFrames(topic, this.form));
    this.ring = undefined;
  }

  /** Client frames are masked; only text and pings matter here. */
  read(bytes) {
    this.rest = Buffer.concat([this.rest, bytes]);
    for (let frame = takeFrame(this); frame !== undefined; frame = takeFrame(this)) {
      if (frame.opcode === 1) this.answer(frame.payload.toString());
      else if (frame.opcode === 9)
        this.socket.write(Buffer.concat([Buffer.from([0x8a, frame.payload.length]), frame.payload]));
      else if (frame.opcode === 8) this.socket.end();
    }
  }

  answer(text) {
    const { topics, replies } = VENUES[this.form.venue].read(text);
    this.add(topics);
    for (const reply of replies) this.socket.write(frameOf(reply));
  }

  topicAt(index) {
    return this.topics[index % this.topics.length];
  }

  /** All open frames in a row, and again until a block can be cut out from any of them on. */
  makeRing() {
    const topics = Array.from({ length: this.topics.length + FRAMES_PER_CLOSE }, (_, index) => this.topicAt(index));
    const starts = [0];
    for (const { running } of topics) starts.push(starts.at(-1) + running.bytes.length);
    const digits = topics.flatMap(({ running }, index) => running.digits.map((place) => place + starts[index]));
    this.ring = {
      bytes: Buffer.concat(topics.map(({ running }) => running.bytes)),
      starts,
      digits: Uint32Array.from(digits),
    };
  }

  get hasRoom() {
    return this.inFlight < BLOCKS_AHEAD && this.topics.length > 0;
  }

  /** 239 open frames, and a close unless told otherwise, in one write. */
  writeBlock(withClose = true) {
    if (this.ring === undefined) this.makeRing();
    const { bytes, starts, digits } = this.ring;
    const first = this.sent % this.topics.length;
    const last = first + FRAMES_PER_CLOSE - 1;
    const [from, before] = [starts[first], starts[last]];
    const buffer = this.spare.pop() ?? Buffer.allocUnsafe(200_000);
    bytes.copy(buffer, 0, from, before);
    const perFrame = digits.length / (starts.length - 1);
    vary(buffer, digits, { first: first * perFrame, before: last * perFrame, shift: -from });
    const length = before - from + (withClose ? this.writeCloseInto(buffer, before - from) : 0);
    this.sent += FRAMES_PER_CLOSE - (withClose ? 0 : 1);
    this.inFlight++;
    this.socket.write(buffer.subarray(0, length), () => {
      this.inFlight--;
      this.spare.push(buffer);
    });
  }

  /** The next series in turn closes its candle, and its open frames are of the one after. */
  writeCloseInto(buffer, at) {
    const { bytes, starts } = this.ring;
    const closing = Math.floor(this.sent / FRAMES_PER_CLOSE) % this.topics.length;
    const length = this.topics[closing].writeClose(buffer, at);
    for (let index = closing; index < starts.length - 1; index += this.topics.length) {
      this.topics[closing].moveOn(bytes, starts[index]);
    }
    return length;
  }

  /** One frame in one write; every 240th is a close. */
  writeFrame() {
    const index = this.sent++;
    const isClose = index % FRAMES_PER_CLOSE === FRAMES_PER_CLOSE - 1;
    const topic = this.topicAt(isClose ? Math.floor(index / FRAMES_PER_CLOSE) : index);
    this.socket.write(isClose ? topic.nextClose() : topic.nextOpen());
  }

  /** The close of every series at once. */
  writeAllCloses() {
    this.socket.write(Buffer.concat(this.topics.map((topic) => topic.nextClose())));
  }
}

function takeFrame(connection) {
  const { rest } = connection;
  if (rest.length < 6) return undefined;
  const short = rest[1] & 0x7f;
  const header = short === 126 ? 8 : short === 127 ? 14 : 6;
  if (rest.length < header) return undefined;
  const length = short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short;
  if (rest.length < header + length) return undefined;
  const mask = rest.subarray(header - 4, header);
  const payload = Buffer.from(rest.subarray(header, header + length)).map((byte, index) => byte ^ mask[index & 3]);
  connection.rest = rest.subarray(header + length);
  return { opcode: rest[0] & 0x0f, payload };
}
