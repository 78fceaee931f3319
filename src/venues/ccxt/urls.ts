import { isRecord } from '../../core/schema.ts';
import type { CcxtExchange } from './exchange.ts';

interface Hosts {
  readonly stream?: string | undefined;
  readonly rest?: string | undefined;
}

const ORIGIN = /^(wss?|https?):\/\/[^/]+/;

/** Other hosts for all URLs that an exchange of ccxt has, however deep; their paths stay. */
export function withEndpoints(urls: unknown, { stream, rest }: Hosts): unknown {
  if (typeof urls === 'string')
    return urls.replace(ORIGIN, (origin) => (origin.startsWith('ws') ? stream : rest) ?? origin);
  if (!isRecord(urls)) return urls;
  return Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, withEndpoints(url, { stream, rest })]));
}

/** The first host that candles may come from over REST, for people: `https://api.kraken.com`. */
export function restUrlOf({ urls, hostname = '', id }: Pick<CcxtExchange, 'urls' | 'hostname' | 'id'>): string {
  const written = stringsIn(urls['api']).map((url) => url.replace('{hostname}', hostname));
  const all = written.filter((url) => url.startsWith('http') && URL.canParse(url));
  return all[0] === undefined ? `https://${id}` : new URL(all[0]).origin;
}

function stringsIn(urls: unknown): readonly string[] {
  if (typeof urls === 'string') return [urls];
  return isRecord(urls) ? Object.values(urls).flatMap(stringsIn) : [];
}
