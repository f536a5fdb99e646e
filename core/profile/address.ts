/** IP addresses as bytes, from text: version 4 in dots, version 6 in colons. */

/** Four or sixteen bytes, or null when the text is no address. */
export function addressBytes(text: string): Uint8Array | null {
  return text.includes(':') ? version6(text) : version4(text);
}

function version4(text: string): Uint8Array | null {
  const parts = text.split('.');
  const legal = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return legal ? Uint8Array.from(parts, Number) : null;
}

function version6(text: string): Uint8Array | null {
  const [head = '', tail, more] = withoutDots(text).split('::') as (string | undefined)[];
  if (more !== undefined) return null;
  const [front, back] = [groups(head), tail === undefined ? [] : groups(tail)];
  const missing = 8 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...front, ...new Array<string>(missing).fill('0'), ...back];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return Uint8Array.from(all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

/** `::ffff:1.2.3.4` with its last four bytes as two groups. */
function withoutDots(text: string): string {
  const last = /^(.*:)([^:]*\.[^:]*)$/.exec(text);
  const bytes = last && version4(last[2]);
  if (!last || !bytes) return text;
  const group = (i: number): string => ((bytes[i] << 8) | bytes[i + 1]).toString(16);
  return `${last[1]}${group(0)}:${group(2)}`;
}
