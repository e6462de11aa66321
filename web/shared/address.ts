/** Addresses of this server. */

/** Whether a host name means "this machine" to every machine, so that rigs cannot send to it. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127\.|\[?::1)/.test(hostname);
}

/** The server's addresses, first the one at which this page reaches it; last if the server does not know it. */
export function addressesForGames(hostname: string, addresses: readonly string[]): readonly string[] {
  // In a container or behind a router, the server does not know the address at which others reach it.
  const isOfUse = /^\d+(\.\d+){3}$/.test(hostname) && !isLoopback(hostname);
  if (!isOfUse) return addresses;
  const others = addresses.filter((address) => address !== hostname);
  return addresses.includes(hostname) ? [hostname, ...others] : [...others, hostname];
}

/**
 * The address of the pages for other devices: as this page was opened, unless that means "this machine".
 *
 * @param pages The server's addresses for pages, the most likely first.
 */
export function originForDevices(origin: string, pages: readonly string[]): string {
  const { protocol, hostname, port } = new URL(origin);
  if (!isLoopback(hostname) || !pages[0]) return origin;
  return `${protocol}//${pages[0]}${port && `:${port}`}`;
}
