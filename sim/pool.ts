/** Rows of typed arrays that are used again: memory follows what is in flight, not what came. */

type Column = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** The same values in twice the room. */
export function doubled<C extends Column>(column: C): C {
  const larger = new (column.constructor as new (length: number) => C)(column.length * 2);
  larger.set(column);
  return larger;
}

/** Which rows are free; who takes one more than there is room for must `grow`. */
export class Rows {
  #used = 0;
  #freed = 0;
  #free = new Int32Array(64);

  /** A free row, the one that was freed last if there is one. */
  take(): number {
    return this.#freed > 0 ? this.#free[--this.#freed] : this.#used++;
  }

  release(row: number): void {
    if (this.#freed === this.#free.length) this.#free = doubled(this.#free);
    this.#free[this.#freed++] = row;
  }
}
