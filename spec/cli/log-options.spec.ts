import { describe, expect, it } from 'vitest';
import { toLogServers } from '../../src/cli/log-options.ts';

describe('the servers of a log', () => {
  it.each([
    ['nats://127.0.0.1:4222', { servers: ['nats://127.0.0.1:4222'] }],
    ['broker', { servers: ['nats://broker'] }],
    ['broker:4333', { servers: ['nats://broker:4333'] }],
    ['tls://one:4222, tls://two:4222', { servers: ['tls://one:4222', 'tls://two:4222'] }],
    ['nats://[::1]:4222/', { servers: ['nats://[::1]:4222'] }],
    [
      'nats://me:p%40ss@one,nats://two',
      { servers: ['nats://one', 'nats://two'], credentials: { user: 'me', password: 'p@ss' } },
    ],
    ['nats://secret@one', { servers: ['nats://one'], credentials: { token: 'secret' } }],
  ])('%s', (text, servers) => {
    expect(toLogServers(text)).toEqual(servers);
  });

  it.each(['', 'http://broker', 'nats://', 'nats://one,,two', 'nats://one/path', 'not a url'])(
    'are refused: %j',
    (text) => {
      expect(() => toLogServers(text)).toThrow('it must be like nats://host:4222');
    },
  );
});
