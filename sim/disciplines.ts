/** The queueing discipline that a scenario asks for. */
import type { Discipline, Visit } from './discipline.ts';
import type { Kind } from './kernel.ts';
import { Queues } from './queues.ts';
import { Shares } from './shares.ts';
import type { Stage } from './stage.ts';
import type { Tries } from './tries.ts';

/** @param departure the kind of event that ends a service */
export function disciplineOf(
  { kernel, scenario: s }: Stage,
  tries: Tries,
  visit: Visit,
  departure: Kind,
): Discipline {
  const { workers, queue: room, replicas: servers } = s;
  const floor = { kernel, tries, visit, departure, workers, room, servers };
  return s.discipline === 'ps' ? new Shares(floor) : new Queues(floor);
}
