/** Which bytes may stand where in an HTTP message, as tables: RFC 9110 section 5.6.2, RFC 9112 sections 3 and 5. */

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';

export const CR = 0x0d;
export const LF = 0x0a;
export const SPACE = 0x20;
export const TAB = 0x09;
export const COLON = 0x3a;

/** Bytes of a token: methods and the names of fields. */
export const tokenBytes = table((code) =>
  `!#$%&'*+-.^_\`|~${digits}${letters}`.includes(String.fromCharCode(code)),
);

/** Bytes of a field's value: tab, space, visible ASCII and what is beyond ASCII. No CR, no LF, no NUL. */
export const valueBytes = table((code) => code === TAB || (code >= SPACE && code !== 0x7f));

/** Bytes of a request target: visible ASCII, no fragment. */
export const targetBytes = table((code) => code > SPACE && code < 0x7f && code !== 0x23);

/** Whether a text is not empty and all its characters are in a table. */
export function consistsOf(text: string, allowed: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (allowed[text.charCodeAt(i)] !== 1) return false;
  return text !== '';
}

function table(has: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (has(code) ? 1 : 0));
}
