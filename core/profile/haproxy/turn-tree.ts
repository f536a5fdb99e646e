/** A queue by key, first in first out among equals: what HAProxy keeps in its ebtrees. */

/** Servers in order of their keys. */
export interface TurnTree {
  first(): number | undefined;
  insert(server: number, key: number): void;
  delete(server: number): void;
}

/** An empty queue. */
export function turnTree(): TurnTree {
  const queue: { readonly server: number; readonly key: number }[] = [];
  return {
    first: () => queue.at(0)?.server,
    insert(server, key) {
      const at = queue.findIndex((other) => other.key > key);
      queue.splice(at < 0 ? queue.length : at, 0, { server, key });
    },
    delete(server) {
      const at = queue.findIndex((other) => other.server === server);
      if (at >= 0) queue.splice(at, 1);
    },
  };
}
