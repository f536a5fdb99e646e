/** What the parts of a run share. */
import type { Scenario } from '../core/scenario.ts';
import type { Kernel } from './kernel.ts';
import type { Members } from './members.ts';
import type { Recorder } from './recorder.ts';
import type { Servers } from './servers.ts';

export interface Stage {
  readonly scenario: Scenario;
  readonly kernel: Kernel;
  readonly recorder: Recorder;
  readonly members: Members;
  readonly servers: Servers;
}
