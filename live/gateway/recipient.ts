/** Who gets the answer that a replica gives: the client, through its exchange. */
import type { Fields } from '../http/fields.ts';
import type { ResponseHead } from '../http/response-head.ts';
import type { Answer } from '../types.ts';

/** Who gets an answer. */
export interface Recipient {
  interim(head: ResponseHead): void;
  head(handle: number, head: ResponseHead): void;
  data(bytes: Buffer): void;
  flush(): boolean;
  completed(trailers: Fields | null): void;
  /** The answer breaks off. False when none of it has gone out. */
  broken(): boolean;
  /** Whether bytes of the answer have gone out. */
  readonly begun: boolean;
  answer(answer: Answer): void;
}
