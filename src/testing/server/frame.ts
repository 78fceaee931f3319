import type { StreamDialect } from '../dialects/dialect.ts';

/** One message to many connections; each form is made once. */
export class Frame {
  readonly topic: string;
  private readonly text: string;
  private readonly stream: Pick<StreamDialect, 'enveloped'>;
  private rawBytes: Buffer | undefined;
  private combinedBytes: Buffer | undefined;

  constructor(topic: string, text: string, stream: Pick<StreamDialect, 'enveloped'>) {
    this.topic = topic;
    this.text = text;
    this.stream = stream;
  }

  bytes(combined: boolean): Buffer {
    if (!combined) return (this.rawBytes ??= Buffer.from(this.text));
    return (this.combinedBytes ??= Buffer.from(this.stream.enveloped(this.topic, this.text)));
  }
}
