import type { DisconnectReason, Reconnecting } from './events.ts';

/** `fstream.binance.com` of `wss://fstream.binance.com/market/stream`, with its port where it has one; never a password. */
export function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#]+)/i.exec(url)?.[1] ?? url;
}

/** A cause in one line that names the host it is about. */
export function causeAt(url: string, cause: string): string {
  const host = hostOf(url);
  const text = cause.replaceAll(/\s+/g, ' ').trim();
  return text.includes(host) || text.includes(host.replace(/:\d+$/, '')) ? text : `${text} (${host})`;
}

/** Text of a reason for which no cause is known. */
const REASONS: Readonly<Record<DisconnectReason, string>> = {
  'closed by peer': 'the exchange closed the connection',
  refused: 'the handshake failed',
  'not found': 'the name of the host has no address',
  proxy: 'the proxy failed',
  certificate: 'the certificate is not trusted or not valid',
  'no pong': 'the peer no longer answers',
  silent: 'the connection delivers no data',
  rotation: 'planned replacement',
  'server shutdown': 'the exchange is about to close the connection',
  'no acknowledgement': 'a subscription was not acknowledged',
  rejected: 'a subscription was rejected',
  'silent series': 'the connection delivers no data for a series',
  'no longer needed': 'no longer needed',
};

/** Why a connection is opened anew: the cause where it is known, or else the reason. */
export function causeOf({ reason, detail }: Pick<Reconnecting, 'reason' | 'detail'>): string {
  return detail ?? REASONS[reason];
}
