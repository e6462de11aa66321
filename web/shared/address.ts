/** Addresses of this server. */

/** Whether a host name means "this machine" to every machine, so that rigs cannot send to it. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127\.|\[?::1)/.test(hostname);
}
