/** A client's address as people write it. */

/** An IPv4 address as it is written, also where the socket shows it as IPv6. */
export function plainAddress(address = 'unknown'): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
