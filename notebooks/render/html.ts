/** Text into HTML: everything a notebook says is data, and none of it can become markup of its own. */
import { Marked } from 'marked';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** JSON for a script element: no `</script>`, no `<!--`, and the line ends that old parsers refuse. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

const markdown = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escapeHtml(text),
    // A picture would be a request; a page makes none.
    image: ({ text }) => escapeHtml(text),
    link({ href, tokens }) {
      const words = this.parser.parseInline(tokens);
      return /^(https?:|#|\.{0,2}\/|[\w-]+(\/|\.|$))/.test(href)
        ? `<a href="${escapeHtml(href)}">${words}</a>`
        : words;
    },
  },
});

/** Markdown in paragraphs, tables and lists. */
export function markdownBlocks(text: string): string {
  return markdown.parse(dedent(text), { async: false });
}

/** Markdown of one line. */
export function markdownLine(text: string): string {
  return markdown.parseInline(text.trim().replace(/\s+/g, ' '), { async: false });
}

/** Markdown read aloud: its words without the signs. */
export function plainText(text: string): string {
  return markdownLine(text)
    .replace(/<[^>]*>/g, '')
    .replace(
      /&(amp|lt|gt|quot|#39);/g,
      (entity) => Object.keys(entities).find((key) => entities[key] === entity) ?? entity,
    );
}

/** Takes off the indent that a template literal has from the code round it. */
function dedent(text: string): string {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n');
  // The first line often follows the backtick at once, and then says nothing about the indent.
  const told = lines.slice(1).filter((line) => line.trim() !== '');
  const indent = Math.min(...told.map((line) => line.search(/\S/)), Infinity);
  if (indent === Infinity) return lines.map((line) => line.trimStart()).join('\n');
  return lines.map((line) => line.replace(new RegExp(`^ {0,${String(indent)}}`), '')).join('\n');
}
