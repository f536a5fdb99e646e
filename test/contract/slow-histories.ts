/** Schemes whose joins and leaves leave traces, replayed from the beginning for every question, with the whole arrays written out. */
import { mix } from '../../core/placement/mix.ts';
import type { HashFunction, Key, Replica } from '../../core/types.ts';
import { NONE } from '../../core/types.ts';
import { javaRandom, slowJump } from './slow-buckets.ts';

/** A replica joined or left. */
export interface Change {
  readonly replica: Replica;
  readonly joins: boolean;
}

/** A bucket that closed, and the array of those that were open after: the last one takes the place of the closed. */
interface Closing {
  readonly bucket: number;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

interface Life {
  open: readonly number[];
  closings: Closing[];
  readonly handles: number[];
}

function close(life: Life, bucket: number): void {
  const after = life.open.map((b) => (b === bucket ? (life.open.at(-1) ?? b) : b)).slice(0, -1);
  life.closings.push({ bucket, before: life.open, after });
  life.open = after;
}

/** Replays a life that begins with so many buckets, all of them closed from the last to the first. */
function replay(history: readonly Change[], capacity: number, grows: boolean): Life {
  const life: Life = { open: [...Array(capacity).keys()], closings: [], handles: [] };
  for (let bucket = capacity - 1; bucket >= 0; bucket--) close(life, bucket);
  for (const { replica, joins } of history) {
    if (joins) life.handles[reopened(life)] = replica.handle;
    else leave(life, life.handles.lastIndexOf(replica.handle), grows);
  }
  return life;
}

function reopened(life: Life): number {
  const last = life.closings.pop();
  const fresh = life.open.length;
  life.open = last?.before ?? [...life.open, fresh];
  return last?.bucket ?? fresh;
}

/** An array without a capacity ends with its last bucket, as long as none before it is closed. */
function leave(life: Life, bucket: number, grows: boolean): void {
  life.handles[bucket] = NONE;
  if (grows && life.closings.length === 0 && bucket === life.open.length - 1)
    life.open = life.open.slice(0, -1); // prettier-ignore
  else close(life, bucket);
}

/** AnchorHash (Mendelson et al. 2018, section 4): among those that were open when the bucket closed, in their order then. */
export function slowAnchor(
  history: readonly Change[],
  capacity: number,
  hash: HashFunction,
): (key: Key) => number {
  const { open, closings, handles } = replay(history, capacity, false);
  return (key) => {
    if (open.length === 0) return NONE;
    let k = hash(key, 0);
    let bucket = k % capacity;
    while (!open.includes(bucket)) {
      const after = closings.find((one) => one.bucket === bucket)?.after ?? [];
      k = mix(mix(k, bucket), 0);
      bucket = after[k % after.length];
    }
    return handles[bucket];
  };
}

/** MementoHash (Coluzzi et al. 2023, section 5): jump hash first, then as above, the key hashed anew under the bucket. */
export function slowMemento(
  history: readonly Change[],
  hash: HashFunction,
  wide: (key: Key) => bigint,
): (key: Key) => number {
  const { open, closings, handles } = replay(history, 0, true);
  return (key) => {
    if (open.length === 0) return NONE;
    let bucket = slowJump(wide(key), open.length + closings.length);
    while (!open.includes(bucket)) {
      const after = closings.find((one) => one.bucket === bucket)?.after ?? [];
      bucket = after[mix(hash(key, 0), bucket) % after.length];
    }
    return handles[bucket];
  };
}

/** DxHash (Dong, Wang 2021, algorithm 1): the first of the key's places that is open. */
export function slowDx(
  history: readonly Change[],
  capacity: number,
  hash: HashFunction,
): (key: Key) => number {
  const { open, handles } = replay(history, capacity, false);
  return (key) => {
    if (open.length === 0) return NONE;
    const draw = javaRandom(hash(key, 0), capacity);
    let bucket = draw();
    while (!open.includes(bucket)) bucket = draw();
    return handles[bucket];
  };
}
