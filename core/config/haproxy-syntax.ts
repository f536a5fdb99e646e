/** HAProxy's configuration as lines of words, in sections: quotes, escapes, comments (cfgparse.c, parse_line). */
import { atLine } from './types.ts';

/** A line that is not empty. */
export interface Line {
  readonly words: readonly string[];
  readonly line: number;
}

/** A section with its lines, the heading apart. */
export interface Section {
  readonly kind: string;
  readonly name: string;
  /** The section of defaults that it takes, by `from`, or null for the last one before it. */
  readonly from: string | null;
  readonly line: number;
  readonly lines: readonly Line[];
}

const SECTIONS = ['global', 'defaults', 'frontend', 'backend', 'listen', 'peers', 'resolvers', 'mailers', 'userlist', 'cache', 'program', 'ring', 'http-errors', 'log-forward', 'fcgi-app', 'crt-store', 'traces', 'log-profile', 'acme']; // prettier-ignore

/** The sections of a file, in order. */
export function parseHaproxy(text: string): Section[] {
  const sections: (Section & { readonly lines: Line[] })[] = [];
  for (const [i, raw] of text.split('\n').entries()) {
    const line = i + 1;
    const words = wordsOf(raw.replace(/\r$/, ''), line);
    if (words.length === 0) continue;
    if (words[0].startsWith('.'))
      throw atLine(line, `'${words[0]}' chooses lines by what is only known when HAProxy starts.`);
    if (SECTIONS.includes(words[0])) sections.push({ ...heading(words), line, lines: [] });
    else if (sections.length === 0)
      throw atLine(line, `'${words[0]}' stands before any section, such as 'backend NAME'.`);
    else sections[sections.length - 1].lines.push({ words, line });
  }
  return sections;
}

function heading([kind, ...rest]: readonly string[]): Pick<Section, 'kind' | 'name' | 'from'> {
  const at = rest.indexOf('from');
  const [name = ''] = at === 0 ? [] : rest;
  return { kind, name, from: at >= 0 ? (rest.at(at + 1) ?? '') : null };
}

/** The words of a line. Variables of the environment stand in double quotes only. */
function wordsOf(raw: string, line: number): string[] {
  const pattern = /\s+|#.*$|((?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s#"'\\])+)/gy;
  const words: string[] = [];
  let end = 0;
  for (const match of raw.matchAll(pattern)) {
    end = match.index + match[0].length;
    if (match[1]) words.push(unquoted(match[1], line));
  }
  if (end < raw.length) throw atLine(line, 'a quote is not closed, or the line ends in a backslash.');
  return words;
}

function unquoted(word: string, line: number): string {
  return word.replace(
    /\\(.)|"((?:\\.|[^"\\])*)"|'([^']*)'/g,
    (_, escaped?: string, double?: string, single?: string) => {
      // prettier-ignore
      if (single !== undefined) return single;
      if (escaped !== undefined) return escaped;
      if (double !== undefined && /(^|[^\\])\$/.test(double))
        throw atLine(line, `"${double}" takes a variable of the environment, which is not known here.`);
      return (double ?? '').replace(/\\(["\\$ #'])/g, '$1');
    },
  );
}
