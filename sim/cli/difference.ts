/** Where two plain values first differ. */

/** A place, and what stands there on either side. */
export interface Difference {
  /** Such as `summary.responseMs.p99` or `replicas[2].requests`; empty for the values themselves. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The first place, in the order of the first value, whose JSON is not the same; nothing if all is. */
export function firstDifference(before: unknown, after: unknown, path = ''): Difference | undefined {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after))
    return { path, before, after };
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const step = Array.isArray(before) ? `[${name}]` : `${path === '' ? '' : '.'}${name}`;
    const found = firstDifference(before[name], after[name], path + step);
    if (found) return found;
  }
  return { path: `${path} (the order of its names)`, before: Object.keys(before), after: Object.keys(after) };
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
