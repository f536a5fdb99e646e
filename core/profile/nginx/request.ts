/** How nginx's hashing methods go from one candidate to the next, and give up after twenty for round robin. */
import { NOBODY } from '../types.ts';
import type { Choice, Scheme, ServerLine, Step } from '../types.ts';
import type { Turns } from './turns.ts';

/** So many candidates may fail; one more, and round robin takes the request. */
const MOST_TRIES = 20;

/** The candidates of one request, one at a time. */
export interface Candidates {
  readonly hash: number | null;
  position(): number;
  /** The server at the position: several where they share a name, and so its points. */
  servers(): readonly number[];
  advance(): void;
  /** Whether a retry begins at the next candidate rather than where the last try ended. */
  readonly movesOn: boolean;
}

/** A method: the candidates of a key, or null where no hash is taken. */
export interface Method {
  readonly unit: string;
  /** What decides in place of a key, for methods that look at none. */
  readonly keyless?: string;
  candidates(key: Uint8Array): Candidates | null;
  /** The first candidate's server, or NOBODY where it is not one alone; spares most requests the rest. */
  first?(key: Uint8Array): number;
  /** Weights changed: tables made of them are stale. */
  rebuild(): void;
}

/** One request through its tries. */
interface Request {
  readonly candidates: Candidates | null;
  readonly tried: Set<number>;
  readonly credits: Float64Array;
  /** What was looked at, where somebody asks. */
  readonly steps: Step[] | null;
  tries: number;
  turned: boolean;
}

/** The scheme of a method over the servers and their turns. */
export function hashingScheme(servers: readonly ServerLine[], turns: Turns, method: Method): Scheme {
  const begin = (key: Uint8Array, credits: Float64Array, steps: Step[] | null = null): Request => {
    const candidates = turns.single ? null : method.candidates(key);
    return { candidates, tried: new Set(), credits, steps, tries: 0, turned: false };
  };

  let at = NOBODY;

  /** Whether the first candidate takes the request, which leaves no trace; it is in `at` then. */
  function settled(key: Uint8Array): boolean {
    at = turns.single || !method.first ? NOBODY : method.first(key);
    return at !== NOBODY && !turns.isDown(at);
  }

  function turn(request: Request): number {
    request.turned = true;
    return turns.next(request.tried, request.credits);
  }

  function choose(request: Request): number {
    const { candidates, tried, credits, steps } = request;
    if (candidates === null || request.tries > MOST_TRIES) return turn(request);
    for (;;) {
      const at = candidates.servers();
      const found = turns.best(at, tried, credits);
      const passed = found !== NOBODY ? undefined : at.some((server) => tried.has(server)) ? 'tried' : 'down';
      steps?.push({
        position: candidates.position(),
        server: servers[at[0]].name,
        ...(passed && { passed }),
      });
      if (found !== NOBODY && candidates.movesOn) candidates.advance();
      if (found !== NOBODY) return found;
      candidates.advance();
      if (++request.tries > MOST_TRIES) return turn(request);
    }
  }

  function fallbacks(key: Uint8Array, n: number): number[] {
    const request = begin(key, turns.credits.slice());
    const found: number[] = [];
    for (let server; found.length < n && (server = choose(request)) !== NOBODY; found.push(server))
      request.tried.add(server);
    return found;
  }

  function explain(key: Uint8Array): Choice {
    const steps: Step[] = [];
    const request = begin(key, turns.credits.slice(), steps);
    const owner = choose(request);
    const next = fallbacks(key, servers.length).slice(1);
    return {
      hash: request.candidates?.hash ?? null,
      unit: method.unit,
      steps,
      owner: owner === NOBODY ? null : servers[owner].name,
      next: next.map((server) => servers[server].name),
      notes: method.keyless === undefined ? notesOf(request, turns, key) : [method.keyless],
    };
  }

  return {
    servers,
    pick: (key) => (settled(key) ? at : choose(begin(key, turns.credits))),
    locate: (key) => (settled(key) ? at : choose(begin(key, turns.credits.slice()))),
    fallbacks,
    explain,
    started() {},
    finished() {},
    setDown: (server, down) => {
      turns.setDown(server, down);
    },
    setWeight(server, weight) {
      const before = turns.weight(server);
      turns.setWeight(server, weight);
      try {
        method.rebuild();
      } catch (error) {
        turns.setWeight(server, before); // too many points: nothing has changed
        throw error;
      }
    },
  };
}

function notesOf({ turned, candidates }: Request, { single }: Turns, key: Uint8Array): string[] {
  if (!turned) return [];
  if (single) return ['nginx takes no hash for a single server'];
  if (candidates === null && key.length === 0)
    return ['nginx takes no hash of an empty key: round robin chose'];
  return ['none of the first 21 candidates could take it, so round robin chose, which depends on the requests before']; // prettier-ignore
}
