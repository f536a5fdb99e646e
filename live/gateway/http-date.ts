/** The time as HTTP writes it (RFC 9110 section 5.6.7), which is made once a second. */

let second = -1;
let text = '';

export function httpDate(): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) text = new Date(now * 1000).toUTCString();
  second = now;
  return text;
}
