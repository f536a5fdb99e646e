/** Labels: how a stack knows its own containers and networks again, and what a replica's container remembers. */
import type { Place } from '../../types.ts';

/** All that is made bears these two; nothing without them is ever touched. */
export function stackLabels(stack: string): Record<string, string> {
  return { project: 'evenly', 'evenly.stack': stack };
}

/** Docker's filter for the stack's containers of one role. */
export function only(stack: string, role: Role): string[] {
  return ['project=evenly', `evenly.stack=${stack}`, `evenly.role=${role}`];
}

export type Role = 'replica' | 'guard';

/** True for what this stack made. */
export function isOurs(labels: Readonly<Record<string, string>> | undefined, stack: string): boolean {
  return labels?.project === 'evenly' && labels['evenly.stack'] === stack;
}

/** What a container must remember of its replica; `spec` stands for the settings that it was made with. */
export function placeLabels({ handle, id, name, weight }: Place, spec: string): Record<string, string> {
  return {
    'evenly.role': 'replica' satisfies Role,
    'evenly.name': name,
    'evenly.id': String(id),
    'evenly.handle': String(handle),
    'evenly.weight': String(weight),
    'evenly.spec': spec,
  };
}

/** The replica's place as its labels tell it. */
export function placeOf(labels: Readonly<Record<string, string>>): Place {
  const number = (label: string): number => Number(labels[label]);
  return {
    handle: number('evenly.handle'),
    id: number('evenly.id'),
    name: labels['evenly.name'],
    weight: number('evenly.weight'),
  };
}

/** With these, `docker-compose down --remove-orphans` removes what a killed supervisor left. */
export function composeLabels(project: string | undefined): Record<string, string> {
  if (project === undefined || project === '') return {};
  const labels = {
    project,
    service: 'replica',
    oneoff: 'False',
    'container-number': '1',
    'config-hash': 'x',
  };
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [`com.docker.compose.${key}`, value]),
  );
}
