/** The ids that the lab's requests carry: random 6-digit numbers (LAB 2.2). */

/** The least 6-digit id. */
export const FIRST_ID = 100_000;

/** How many 6-digit ids there are. */
export const IDS = 900_000;

/** All of them, in order. */
export function* allIds(): Generator<number> {
  for (let id = FIRST_ID; id < FIRST_ID + IDS; id++) yield id;
}
