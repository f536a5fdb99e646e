/** Before each file: property tests draw the same examples every time, so that a gate never flickers; FC_SEED=7 explores others. */
import fc from 'fast-check';
import { afterAll } from 'vitest';
import { removeTemporary } from './temporary.ts';

fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 42) });
afterAll(removeTemporary);
