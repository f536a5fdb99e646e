/** What the parts of a run share. */
import type { Scenario } from '../core/scenario.ts';
import type { Kernel } from './kernel.ts';
import type { Members } from './members.ts';
import type { Recorder } from './recorder.ts';
import type { Server } from './server.ts';

export interface Stage {
  readonly scenario: Scenario;
  readonly kernel: Kernel;
  readonly recorder: Recorder;
  readonly members: Members;
  /** By handle; the dead stay, since handles are never reused. */
  readonly servers: Server[];
}
