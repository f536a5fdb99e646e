/** Reads a small body whole, or says that it is too large. */
import type { IncomingMessage } from 'node:http';

/** The body, or undefined when it is larger than `most` bytes; the rest of it is read and dropped then. */
export async function readPayload(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= most) chunks.push(chunk as Buffer);
  }
  return size <= most ? Buffer.concat(chunks) : undefined;
}
