/** Where a virtual server looks when its slot is taken (LAB 2.4): offsets from the first slot, Knuth 3, 6.4. */
import type { ProbeSequence } from '../types.ts';

/** +0, +1, +2 …: finds every free slot. */
const linear: ProbeSequence = (attempt) => attempt;

/** +0, +1, +4, +9 …: reaches about half of the slots when their number is prime, fewer otherwise. */
const quadratic: ProbeSequence = (attempt) => attempt * attempt;

/** +0, +1, +3, +6 …: quadratic too, and finds every free slot when their number is a power of two. */
const triangular: ProbeSequence = (attempt) => (attempt * (attempt + 1)) / 2;

/** The probe sequences by name. */
export const probings: Readonly<Record<string, ProbeSequence>> = { linear, quadratic, triangular };
