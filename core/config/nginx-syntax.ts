/** nginx's configuration as statements with their lines: words, quotes, comments, blocks (ngx_conf_file.c). */
import { atLine } from './types.ts';

/** A directive: its words, and the statements of its block if it has one. */
export interface Statement {
  readonly words: readonly string[];
  readonly line: number;
  readonly block?: readonly Statement[];
}

interface Token {
  /** ';', '{', '}' or 'word'. */
  readonly kind: string;
  readonly text: string;
  readonly line: number;
}

/** White space, a comment, a mark, a quoted word, or a plain word (in which `${` opens a variable, not a block). */
const TOKEN =
  /(\s+)|(#[^\n]*)|([;{}])|"((?:[^"\\]|\\[\s\S])*)"(?=[\s;{})]|$)|'((?:[^'\\]|\\[\s\S])*)'(?=[\s;{})]|$)|((?:\\[\s\S]|\$\{|[^\s;{}"'])(?:\\[\s\S]|\$\{[^}\s]*\}|[^\s;{])*)/y;

/** The statements of a file. @throws InputError for what nginx could not read either. */
export function parseNginx(text: string): Statement[] {
  const tokens = tokensOf(text);
  const [statements, end] = statementsFrom(tokens, 0, false);
  if (end < tokens.length) throw atLine(tokens[end].line, "there is a '}' that closes nothing.");
  return statements;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  let line = 1;
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw atLine(line, `a quoted word does not end, or goes on after its quote.`);
    const [all, space, comment, mark, double, single, plain] = match as (string | undefined)[];
    const word = double ?? single ?? plain;
    if (mark !== undefined) tokens.push({ kind: mark, text: mark, line });
    else if (space === undefined && comment === undefined) tokens.push({ kind: 'word', text: unescaped(word ?? ''), line }); // prettier-ignore
    line += (all ?? '').split('\n').length - 1;
  }
  return tokens;
}

/** nginx drops a backslash before a quote, a blank or a backslash, and knows \t, \r and \n. */
function unescaped(word: string): string {
  const letters: Record<string, string> = { t: '\t', r: '\r', n: '\n' };
  return word.replace(/\\(["'\s\\trn])/g, (_, escaped: string) => letters[escaped] ?? escaped);
}

/** Reads statements until the end of the block or of the file; returns where it stopped. */
function statementsFrom(tokens: readonly Token[], from: number, inside: boolean): [Statement[], number] {
  const statements: Statement[] = [];
  let at = from;
  while (at < tokens.length && tokens[at].kind !== '}') {
    const [statement, next] = statementAt(tokens, at);
    statements.push(statement);
    at = next;
  }
  if (inside && at === tokens.length) throw atLine(tokens[from - 1].line, "the '{' is never closed.");
  return [statements, at];
}

function statementAt(tokens: readonly Token[], from: number): [Statement, number] {
  let at = from;
  const words: string[] = [];
  for (; at < tokens.length && tokens[at].kind === 'word'; at++) words.push(tokens[at].text);
  const { line } = tokens[from];
  const end = tokens.at(at);
  if (at >= tokens.length || end === undefined || end.kind === '}')
    throw atLine(line, `'${words.join(' ')}' does not end in ';'.`);
  if (words.length === 0) throw atLine(line, `there is a '${end.kind}' without a directive before it.`);
  if (end.kind === ';') return [{ words, line }, at + 1];
  const [block, close] = statementsFrom(tokens, at + 1, true);
  return [{ words, line, block }, close + 1];
}
