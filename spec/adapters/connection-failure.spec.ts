import { expect, it } from 'vitest';
import { ProxyError, connectionFailure } from '../../src/adapters/connection-failure.ts';

const URL = 'wss://fstream.binance.com/market/stream';
const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

it.each([
  ['a proxy', new ProxyError('the proxy http://p:1 …'), { kind: 'proxy', message: 'the proxy http://p:1 …' }],
  [
    'an unknown authority',
    coded('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain; if …, try --use-system-ca'),
    {
      kind: 'certificate',
      message:
        'the certificate of fstream.binance.com is not trusted (self-signed certificate in certificate chain); ' +
        'set tls.ca or NODE_EXTRA_CA_CERTS to that of its authority',
    },
  ],
  [
    'an old certificate',
    coded('CERT_HAS_EXPIRED', 'certificate has expired'),
    { kind: 'certificate', message: 'the certificate of fstream.binance.com is not valid: certificate has expired' },
  ],
  ['the network', coded('ECONNRESET', 'socket hang up'), { kind: 'network', message: 'socket hang up' }],
  [
    'every address of a host',
    Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:9')]), { code: 'ECONNREFUSED' }),
    { kind: 'network', message: 'connect ECONNREFUSED ::1:9' },
  ],
  [
    'an unknown name',
    coded('ENOTFOUND', 'getaddrinfo ENOTFOUND fstream.example'),
    { kind: 'name', message: 'getaddrinfo ENOTFOUND fstream.example' },
  ],
  ['a code alone', coded('ETIMEDOUT', ''), { kind: 'network', message: 'ETIMEDOUT' }],
])('says that it is %s', (_, error, expected) => {
  expect(connectionFailure(error, URL)).toEqual(expected);
});
