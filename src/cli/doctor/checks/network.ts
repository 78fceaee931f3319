import type { Host } from '../../../configuration.ts';
import type { Access } from '../access.ts';
import { failed, ok, skipped, type Check, type Finding, type Tools } from '../check.ts';
import { connectTo, connectionFinding, placeOf, probeConnection } from '../probes/connection.ts';
import { probeName } from '../probes/name.ts';
import { probeTls } from '../probes/tls.ts';

type Role = 'rest' | 'stream';
type ProxyServer = NonNullable<Host['proxy']>;

const TITLES: Readonly<Record<Role, string>> = { rest: 'REST', stream: 'stream' };

export const proxy: Check<Access> = {
  id: 'proxy',
  title: 'proxy',
  needs: ['venue'],
  run: async ({ reach }, tools) => {
    const { rest, stream } = await reach();
    const hosts = [rest, ...(stream === undefined ? [] : [stream])];
    const used = new Map(hosts.flatMap(({ proxy: one }) => (one === undefined ? [] : [[one.name, one]])));
    const findings = await Promise.all([...used.values()].map((one) => proxyFinding(one, rest.namedBy ?? stream?.namedBy ?? '', tools))); // prettier-ignore
    const worst = findings.find(({ outcome }) => outcome === 'failed') ?? findings[0];
    if (worst === undefined) return ok('none: connections are direct', { proxy: null });
    const direct = hosts.filter(({ proxy: one }) => one === undefined).map(({ url }) => url);
    return direct.length === 0 ? worst : { ...worst, found: `${worst.found}; ${direct.join(' and ')} directly` };
  },
};

/** That it listens; whether it opens the exchange's hosts shows with them. */
async function proxyFinding({ name, host, port }: ProxyServer, namedBy: string, tools: Tools): Promise<Finding> {
  const place = { host, port, isSecure: false, text: `${host}:${port}` };
  const { signal, isLate } = deadline(tools);
  const measures = { proxy: name, namedBy };
  try {
    const startedAt = performance.now();
    (await connectTo(place, signal)).destroy();
    return ok(`${name} (${namedBy}) is there (${Math.round(performance.now() - startedAt)} ms)`, measures);
  } catch (error) {
    const { found } = connectionFinding(place, error as Error, { isAborted: isLate() });
    const advice = `check host and port of the proxy in ${namedBy}, and that it runs; --no-proxy connects directly`;
    return failed(`${name} (${namedBy}) cannot be reached: ${found}`, advice, measures);
  }
}

/** The way to one host, step by step. */
export function networkChecks(role: Role): readonly Check<Access>[] {
  const title = TITLES[role];
  const on = (probe: (host: Host, tools: Tools) => Promise<Finding>): Check<Access>['run'] => {
    return async ({ reach }, tools) => {
      const host = (await reach())[role];
      return host === undefined ? skipped('ccxt alone knows its hosts') : probe(host, tools);
    };
  };
  return [
    { id: `${role}-dns`, title: `${title} DNS`, needs: ['proxy'], run: on(lookUp) },
    { id: `${role}-tcp`, title: `${title} TCP`, needs: [`${role}-dns`], run: on((host, tools) => probeConnection(host, deadline(tools).signal)) }, // prettier-ignore
    { id: `${role}-tls`, title: `${title} TLS`, needs: [`${role}-tcp`], run: on((host, tools) => probeTls(host, deadline(tools).signal)) }, // prettier-ignore
  ];
}

async function lookUp({ url, proxy: via }: Host, { timeoutMs }: Tools): Promise<Finding> {
  const { host } = placeOf(url);
  return via === undefined ? probeName(host, timeoutMs) : skipped(`the proxy looks ${host} up`);
}

function deadline({ signal, timeoutMs }: Tools): { readonly signal: AbortSignal; readonly isLate: () => boolean } {
  const late = AbortSignal.timeout(timeoutMs);
  return { signal: AbortSignal.any([signal, late]), isLate: () => late.aborted };
}
