/** Numbers as the notebooks' sentences say them. */

/** 84.5%. */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)}%`;
}

/** 12,345. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** S1, S2 and S3. */
export function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** "one replica", "3 replicas". */
export function plural(value: number, noun: string): string {
  return value === 1 ? `one ${noun}` : `${count(value)} ${noun}s`;
}
