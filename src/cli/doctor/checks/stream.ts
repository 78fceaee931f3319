import type { Handshake } from '../../../configuration.ts';
import type { Access } from '../access.ts';
import { failed, ok, skipped, type Check, type Finding } from '../check.ts';
import { proxyAdvice } from '../probes/connection.ts';

export const stream: Check<Access> = {
  id: 'stream',
  title: 'stream opens',
  needs: ['stream-tls'],
  run: async ({ handshake }) => handshakeFinding(await handshake()),
};

export function handshakeFinding(handshake: Handshake | undefined): Finding {
  if (handshake === undefined) return skipped('ccxt opens its own WebSockets');
  if (!handshake.ok) return failed(handshake.message, adviceFor(handshake), { status: handshake.status, reason: handshake.reason }); // prettier-ignore
  const openedMs = Math.round(handshake.tookMs);
  return ok(`a WebSocket, after ${openedMs} ms`, { openedMs });
}

const BY_STATUS: Readonly<Record<number, string>> = {
  403: 'see rate limits below',
  404: 'the path is wrong: check --stream-url and endpoints.stream (binance-usdm: wss://…/market)',
  418: 'see rate limits below',
  429: 'see rate limits below',
  451: 'see geo-block below',
};

function adviceFor({ reason, status, message }: Extract<Handshake, { readonly ok: false }>): string {
  if (reason === 'proxy') return proxyAdvice(message);
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'the exchange has trouble of its own: look at its status page, and try again';
  return 'something on the way does not let WebSockets through: a proxy, a firewall or an inspection; allow the host there';
}
