/** Reads a small body of a client whole, or says that it is too large. */
import type { ClientRequest } from './client-request.ts';

/**
 * The body, or undefined when it is larger than `most` bytes; the rest of it is read and dropped then.
 * @throws when the client goes away in the middle of it
 */
export function collect(request: ClientRequest, most: number): Promise<Buffer | undefined> {
  const { body } = request;
  const chunks: Buffer[] = [];
  let size = 0;
  if (body === null) return Promise.resolve(Buffer.alloc(0));
  request.interim({ status: 100, reason: 'Continue', fields: '' }); // to a client that waits for that
  return new Promise((resolve, reject) => {
    body.start({
      take(bytes) {
        size += bytes.length;
        if (size <= most) chunks.push(bytes);
      },
      flush: () => true,
      end() {
        resolve(size <= most ? Buffer.concat(chunks) : undefined);
      },
      abort() {
        reject(new Error('the client went away'));
      },
    });
  });
}
