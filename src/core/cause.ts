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
