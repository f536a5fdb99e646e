/**
 * Claims on runs, so that processes which share a folder never run one twice; a claim ends with the process that holds it.
 *
 * A process keeps one holder file, which says who it is and whose time of change is its heartbeat. To claim a run is to
 * make a hard link of that file under the run's name, which is atomic, also over NFS. A claim whose holder is dead is
 * never removed, since two who find it might each remove the other's successor; instead the next generation is claimed,
 * `HASH.1` after `HASH.0`, which one of them gets. Claims are removed when the result is stored, and whoever gets a
 * claim looks for a result first: so a run that is done is not claimed anew.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, linkSync, openSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync, writeSync } from 'node:fs'; // prettier-ignore
import { dirname, join } from 'node:path';
import { InputError } from '../../../core/input-error.ts';
import { makeFolder, unwritable } from '../make-folder.ts';
import { identity, isDead } from './identity.ts';
import type { Identity } from './identity.ts';

/** Between two heartbeats. */
const BEAT_MS = 5000;
/** A silence after which a holder on another machine counts as dead: NFS may show a change up to a minute late. */
const LEASE_MS = 120_000;

/** A process that can claim. */
export interface Holder {
  readonly id: string;
  /** To be called now and then while it works; every few seconds it tells others that it lives. */
  beat(): void;
  /** The generations of the claim up to this process's own; nothing if another one holds the run. */
  claim(hash: string): Claim | undefined;
  readonly close: () => void;
}

/** A run that is this process's own. */
export interface Claim {
  /** Gives the run back, not having run it. */
  release(): void;
  /** Removes the claim and the dead ones before it, once the result is stored. */
  settle(): void;
}

/** The folder of claims inside a sweep's. */
export function claimsIn(folder: string): string {
  return join(folder, 'claims');
}

/** Makes this process a holder. @throws InputError where the file system has no hard links */
export function openHolder(folder: string): Holder {
  const claims = claimsIn(folder);
  const me = identity();
  const id = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const file = join(claims, `holder-${id}`);
  const text = JSON.stringify(me);
  const descriptor = create(claims, file);
  writeSync(descriptor, text, 0);
  let beaten = performance.now();
  let closed = false;
  /** The file server's time, which other holders' heartbeats are in too. */
  const now = (): number => statSync(file).mtimeMs + performance.now() - beaten;

  return {
    id,
    beat() {
      if (performance.now() - beaten < BEAT_MS) return;
      writeSync(descriptor, text, 0);
      beaten = performance.now();
    },
    claim(hash) {
      const name = (generation: number): string => join(claims, `${hash}.${generation}`);
      for (let generation = 0; ; generation++) {
        const linked = link(file, name(generation));
        if (linked === 'gone') return undefined;
        if (linked === 'taken' && isStale(name(generation), me, now())) continue;
        if (linked === 'taken') return undefined;
        const settle = (from: number): void => {
          for (let old = generation; old >= from; old--) rmSync(name(old), { force: true });
        };
        return { release: () => { settle(generation); }, settle: () => { settle(0); } }; // prettier-ignore
      }
    },
    close() {
      if (closed) return;
      closed = true;
      closeSync(descriptor);
      rmSync(file, { force: true });
      try {
        rmdirSync(claims); // the last one out
      } catch {
        // others are at work, or left claims that they will never end
      }
    },
  };
}

/** Removes what dead processes left of themselves, claims aside; and of claims those of runs that are stored. */
export function tidy(folder: string, isStored: (hash: string) => boolean): void {
  const claims = claimsIn(folder);
  const me = identity();
  for (const name of namesIn(claims)) {
    const [, holder] = /^(?:holder|part)-(.*)$/.exec(name) ?? [];
    const over = holder ? isStale(join(claims, `holder-${holder}`), me, 0) : isStored(name.split('.')[0]);
    if (over) rmSync(join(claims, name), { force: true });
  }
}

function create(claims: string, file: string): number {
  try {
    makeFolder(claims);
    return openSync(file, 'wx');
  } catch (error) {
    throw unwritable(dirname(claims), error);
  }
}

function namesIn(claims: string): string[] {
  try {
    return readdirSync(claims).sort().reverse(); // parts before their holders
  } catch {
    return [];
  }
}

function link(file: string, name: string): 'mine' | 'taken' | 'gone' {
  try {
    linkSync(file, name);
    return 'mine';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return 'taken';
    if (code === 'ENOENT') return 'gone';
    throw new InputError(`The claims of a sweep need hard links, and its folder has none (${code}); choose another --out.`); // prettier-ignore
  }
}

/** Whether the process behind a claim or holder file is dead; `now` is in the file server's time. */
function isStale(file: string, me: Identity, now: number): boolean {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Identity;
    return isDead(holder, me) ?? now - statSync(file).mtimeMs > LEASE_MS;
  } catch {
    return false; // it was settled meanwhile
  }
}
