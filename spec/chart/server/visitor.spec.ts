import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../src/chart/server/visitor.ts';

const PORT = 8080;

describe('visitors', () => {
  it.each([
    [{ host: '127.0.0.1:8080' }],
    [{ host: 'LOCALHOST:8080' }],
    [{ host: '[::1]:8080', 'sec-fetch-site': 'none' }],
    [{ host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080', 'sec-fetch-site': 'same-origin' }],
  ] as const)('are let in with %j', (headers) => expect(refusalOf(headers, PORT)).toBeUndefined());

  it.each([
    [{}, 'host'],
    // A page of evil.example whose name has been made to point here.
    [{ host: 'evil.example:8080' }, 'host'],
    [{ host: '127.0.0.1:8081' }, 'host'],
    [{ host: '127.0.0.1' }, 'host'],
    [{ host: '127.0.0.1:8080.evil.example' }, 'host'],
    [{ host: '127.0.0.1:8080', origin: 'http://evil.example' }, 'origin'],
    [{ host: '127.0.0.1:8080', origin: 'https://127.0.0.1:8080' }, 'origin'],
    [{ host: '127.0.0.1:8080', origin: 'null' }, 'origin'],
    [{ host: '127.0.0.1:8080', 'sec-fetch-site': 'cross-site' }, 'site'],
    [{ host: '127.0.0.1:8080', 'sec-fetch-site': 'same-site' }, 'site'],
  ] as const)('are refused with %j, for their %s', (headers, why) => expect(refusalOf(headers, PORT)).toContain(why));

  it('need not name the port that is every page’s', () => expect(refusalOf({ host: 'localhost' }, 80)).toBeUndefined());
});
