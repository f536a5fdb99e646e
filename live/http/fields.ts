/** Header and trailer fields, read strictly: RFC 9112 section 5. What is ambiguous is refused, never mended. */
import { Malformed } from './malformed.ts';
import { COLON, CR, LF, SPACE, TAB, tokenBytes, valueBytes } from './syntax.ts';

/** How much a message may bring. */
export interface HeadLimits {
  /** Bytes of a head, or of a trailer section. */
  readonly headBytes: number;
  /** Fields of either. */
  readonly fields: number;
}

/** Fields in the order in which they came; the three lists run in parallel. */
export class Fields {
  readonly names: string[] = [];
  /** The names in lower case, by which they are compared. */
  readonly keys: string[] = [];
  readonly values: string[] = [];
  /** As lines of text what a gateway passes on of them, once it has worked that out, and the host that this was for. */
  passedOn: string | null = null;
  passedFor: string | undefined;

  /** The first value by a name in lower case. */
  get(key: string): string | undefined {
    const at = this.keys.indexOf(key);
    return at < 0 ? undefined : this.values[at];
  }

  /** All values by a name in lower case as one list, or undefined when there is none (RFC 9110 section 5.3). */
  list(key: string): string | undefined {
    let all: string | undefined;
    for (let i = 0; i < this.keys.length; i++) {
      if (this.keys[i] === key) all = all === undefined ? this.values[i] : `${all}, ${this.values[i]}`;
    }
    return all;
  }
}

/**
 * Reads lines `name: value CRLF` of latin1 text from `start` up to `end`.
 * @throws Malformed for a folded line, a space before the colon, a bare CR or LF, a control character, or too many
 */
export function parseFields(text: string, start: number, end: number, most: number): Fields {
  const fields = new Fields();
  let at = start;
  while (at < end) {
    let i = at;
    while (tokenBytes[text.charCodeAt(i)] === 1) i++;
    if (i === at || text.charCodeAt(i) !== COLON) throw new Malformed('a field has no legal name');
    const name = text.slice(at, i);
    const from = afterBlanks(text, i + 1);
    i = from;
    while (valueBytes[text.charCodeAt(i)] === 1) i++;
    if (text.charCodeAt(i) !== CR || text.charCodeAt(i + 1) !== LF) {
      throw new Malformed(`the value of '${name}' is not legal`);
    }
    if (fields.names.push(name) > most) throw new Malformed(`it has more than ${most} fields`, 431);
    fields.keys.push(name.toLowerCase());
    fields.values.push(text.slice(from, beforeBlanks(text, from, i)));
    at = i + 2;
  }
  return fields;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function afterBlanks(text: string, at: number): number {
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function beforeBlanks(text: string, from: number, at: number): number {
  while (at > from && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}
