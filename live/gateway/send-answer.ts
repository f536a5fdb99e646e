/** Sends an answer in the lab's form. */
import type { ServerResponse } from 'node:http';
import type { Answer } from '../types.ts';

/** Sends status and JSON; `headers` go beside them. */
export function sendAnswer(
  response: ServerResponse,
  { status, body }: Answer,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, status, JSON.stringify(body), headers);
}

/** Sends JSON that is text already. */
export function sendJson(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const length = Buffer.byteLength(text);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': length, ...headers });
  response.end(text);
}
