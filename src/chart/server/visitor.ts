import type { IncomingHttpHeaders } from 'node:http';

const HOST_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const OWN_SITES = ['same-origin', 'none'];

/**
 * Why a request is refused; undefined if it comes from our own page, or from a user's address bar or program.
 * Under DNS rebinding a foreign page's requests differ from ours by their `Host` alone.
 */
export function refusalOf(headers: IncomingHttpHeaders, port: number): string | undefined {
  const hosts = HOST_NAMES.map((name) => (port === 80 ? name : `${name}:${port}`));
  const { host = '', origin } = headers;
  if (!hosts.includes(host.toLowerCase())) return `the host is not ${hosts[0] ?? ''}`;
  if (origin !== undefined && !hosts.some((own) => origin.toLowerCase() === `http://${own}`))
    return 'the request comes from another origin';
  const site = headers['sec-fetch-site'];
  return site === undefined || OWN_SITES.includes(site) ? undefined : 'the request comes from another site';
}
