/** The frame of an HTML page that asks nothing of any network. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fontFaces } from './font.ts';
import { escapeHtml } from './html.ts';

/** What goes into the frame. */
export interface Document {
  readonly title: string;
  readonly description: string;
  /** HTML. */
  readonly body: string;
  /** Programs to run, in order. */
  readonly scripts: readonly string[];
  /** Where pictures may come from, beside the page itself. */
  readonly images: string;
}

/** The whole page as text. */
export async function htmlDocument({ title, description, body, scripts, images }: Document): Promise<string> {
  const faces = await fontFaces(
    title + body.replace(/<svg[\s\S]*?<\/svg>/g, (svg) => svg.replace(/<[^>]*>/g, '')),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts, images)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${escapeHtml(description)}">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>
${faces}
${source('./page.css')}</style>
</head>
<body>
${body}
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}

/** Reads a file of this folder. */
export function source(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

/**
 * No request of any kind, and no program but these, each known by its digest: markup that slipped through could not run.
 * Evaluating text stays forbidden, since Vega's interpreter walks expressions. Styles are inline because charts set them.
 */
function policy(scripts: readonly string[], images: string): string {
  const digests = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return [
    "default-src 'none'",
    `script-src ${digests.length > 0 ? digests.join(' ') : "'none'"}`,
    "style-src 'unsafe-inline'",
    'font-src data:',
    `img-src data: ${images}`.trim(),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
