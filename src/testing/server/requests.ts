import type { Reaction, StreamRequest } from '../dialects/dialect.ts';
import type { Connection } from './connection.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { Publisher } from './publisher.ts';

/** Does what clients ask for on the stream, and answers in the words of the venue. */
export class Requests {
  private readonly exchange: ExchangeState;
  private readonly publisher: Publisher;

  constructor(exchange: ExchangeState, publisher: Publisher) {
    this.exchange = exchange;
    this.publisher = publisher;
  }

  handle(connection: Connection, text: string): void {
    const { stream } = connection.state.dialect;
    const { request, replies = [] } = stream.read(text, connection.session);
    for (const reply of replies) connection.send(reply);
    if (request === undefined || !connection.isWithinRate('request')) return;
    const { venue, id } = connection;
    const { method, params } = request;
    const effect = this.exchange.faults.stream.replies.take({ venue, connection: id, method, params });
    if (effect?.kind === 'error') {
      for (const refusal of stream.refuse(request, effect, connection.session)) connection.send(refusal);
      return;
    }
    this.perform(connection, request, effect === undefined);
  }

  /** Topics named in the URL: nobody asked, and nobody is answered. */
  subscribeAll(connection: Connection, topics: readonly string[]): void {
    const { stream } = connection.state.dialect;
    const reaction = stream.react(
      { method: 'SUBSCRIBE', params: topics, raw: topics, id: undefined },
      connection.session,
    );
    this.apply(connection, reaction);
  }

  leaveAll(connection: Connection): void {
    for (const name of connection.topics) this.publisher.leave(connection, name);
    connection.topics.clear();
  }

  private perform(connection: Connection, request: StreamRequest, isAcknowledged: boolean): void {
    const reaction = connection.state.dialect.stream.react(request, connection.session);
    const { stats } = this.exchange;
    if (reaction.subscribe !== undefined) stats.subscribes++;
    if (reaction.unsubscribe !== undefined) stats.unsubscribes++;
    this.apply(connection, reaction);
    if (isAcknowledged) acknowledge(connection, reaction.acks ?? []);
  }

  private apply(connection: Connection, reaction: Reaction): void {
    const { subscribe = [], unsubscribe = [], combined = connection.combined, broken, close } = reaction;
    subscribe.forEach((name) => { this.join(connection, name); }); // prettier-ignore
    unsubscribe.forEach((name) => { this.leave(connection, name); }); // prettier-ignore
    connection.combined = combined;
    if (broken !== undefined)
      this.exchange.stats.limitBreaks.push({ at: this.exchange.clock.now(), venue: connection.venue, ...broken });
    connection.answer(reaction.complaints, close);
  }

  private join(connection: Connection, name: string): void {
    connection.topics.add(name);
    this.publisher.join(connection, name);
  }

  private leave(connection: Connection, name: string): void {
    connection.topics.delete(name);
    this.publisher.leave(connection, name);
  }
}

function acknowledge(connection: Connection, acks: readonly string[]): void {
  for (const ack of acks) connection.send(ack);
  const { flap } = connection;
  if (flap === undefined || acks.length === 0) return;
  if (flap.code === undefined) connection.reset();
  else connection.close(flap.code, '');
}
