/** Property tests draw the same examples every time, so that a gate never flickers; FC_SEED=7 explores others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 42) });
