/** A-3 on real replicas: every endpoint with its answer; then a kill, a pause and a removal under load (LAB 3, LAB 4). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadResult } from '../../live/load/result.ts';
import { loadStack } from '../../live/run.ts';
import type { Stack } from '../../live/stack.ts';
import { harmAndWatch } from '../../live/watch-fleet.ts';
import type { Recovery } from '../../live/watch-fleet.ts';
import { columnGroups } from '../charts/bars.ts';
import { timeline } from '../charts/timeline.ts';
import type { LiveLab } from '../live-lab.ts';
import { notebook } from '../story.ts';
import type { Story } from '../story.ts';
import { count, list } from '../wording.ts';

const RATE = 300;
const STEP_MS = 250;
const MS = 1000;
/** Under load first in peace, then with a harm every so often. */
const FIRST_HARM_MS = 3000;
const BETWEEN_MS = 5000;
const HARMS = ['kill', 'pause', 'remove'] as const;
const DURATION_MS = FIRST_HARM_MS + HARMS.length * BETWEEN_MS;
/** Hashes that mix, so that every replica has work to lose; two workers, so that two replicas can carry the load. */
const SCENARIO = { requestHash: 'murmur3', serverHash: 'murmur3', service: 'exponential(5)', workers: 4 };

interface Call {
  readonly method: string;
  readonly path: string;
  readonly payload?: object;
  readonly status: number;
}

/** LAB 3.3 to 3.9, in an order that leaves the fleet as it was. */
const CALLS: readonly Call[] = [
  { method: 'GET', path: '/rep', status: 200 },
  { method: 'POST', path: '/add', payload: { n: 2, hostnames: ['S5', 'S4'] }, status: 200 },
  { method: 'POST', path: '/add', payload: { n: 1, hostnames: ['S6', 'S7'] }, status: 400 },
  { method: 'DELETE', path: '/rm', payload: { n: 2, hostnames: ['S5', 'S4'] }, status: 200 },
  { method: 'DELETE', path: '/rm', payload: { n: 1, hostnames: ['S1', 'S2'] }, status: 400 },
  { method: 'GET', path: '/home', status: 200 },
  { method: 'GET', path: '/other', status: 400 },
];

const meta = {
  title: 'A-3, live: every endpoint, and three ways to lose a replica',
  question: 'How long until a lost replica is noticed and replaced, and what do clients see of it?',
};

export default notebook<LiveLab>(meta, async (story, lab) => {
  await lab.stack({ scenario: lab.scenario(SCENARIO) }, async (stack) => {
    story.words('## Every endpoint');
    await tellEndpoints(story, stack);
    story.words('## A kill, a pause, a removal');
    const { measured, recoveries } = await harmUnderLoad(lab, stack);
    tellTimeline(story, measured, recoveries);
    tellRecoveries(story, recoveries, measured);
    tellRetries(story, lab, recoveries, measured);
  });
});

async function tellEndpoints(story: Story, stack: Stack): Promise<void> {
  for (const { method, path, payload, status } of CALLS) {
    const body = payload
      ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) }
      : {};
    const reply = await fetch(`${stack.url}${path}`, { method, ...body });
    const text = (await reply.text()).trim();
    const sent = payload ? ` ${JSON.stringify(payload)}` : '';
    story.words(`\`\`\`\n${method} ${path}${sent}\n→ ${reply.status} ${text}\n\`\`\``);
    story.claim(
      `${method} ${path}${sent} answers ${status} in the lab's form`,
      reply.status === status && isLabForm(text),
    );
  }
}

function isLabForm(text: string): boolean {
  const answer = JSON.parse(text) as { message?: unknown; status?: unknown };
  return answer.message !== undefined && ['successful', 'failure'].includes(String(answer.status));
}

async function harmUnderLoad(
  lab: LiveLab,
  stack: Stack,
): Promise<{ measured: LoadResult; recoveries: Recovery[] }> {
  const s = lab.scenario({ ...SCENARIO, arrivals: `poisson(${RATE})`, bucket: STEP_MS });
  await loadStack(stack, { ...s, requests: 300, bucket: 0 }); // connections and compiled code, before what counts
  const start = performance.now();
  const running = loadStack(stack, s, { requests: undefined, durationMs: DURATION_MS });
  const recoveries: Recovery[] = [];
  for (const [i, harm] of HARMS.entries()) {
    await sleep(Math.max(0, start + FIRST_HARM_MS + i * BETWEEN_MS - performance.now()));
    recoveries.push(await harmAndWatch(stack, stack.ready()[0].name, harm, start));
  }
  const { load } = await running;
  return { measured: load, recoveries };
}

/** Replicas in the order in which they first answered: those of the start, then their replacements. */
function byAppearance({ replicas, timeline: steps }: LoadResult): string[] {
  const first = (name: string): number => steps.findIndex((step) => (step.replicas[name] ?? 0) > 0);
  return replicas.map(({ replica }) => replica).sort((a, b) => first(a) - first(b));
}

function tellTimeline(story: Story, measured: LoadResult, recoveries: readonly Recovery[]): void {
  const order = byAppearance(measured);
  const steps = measured.timeline.filter(({ fromMs }) => fromMs + STEP_MS <= DURATION_MS);
  const marks = recoveries.map(({ harm, replica, atMs }, i) => ({
    s: atMs / MS,
    event: `${harm} ${replica}`,
    number: String(i + 1),
  }));
  story.words(
    `${count(measured.sent)} requests at ${RATE} a second over ${DURATION_MS / MS} s; the replicas serve ${SCENARIO.service} ms. ${list(recoveries.map(({ harm, replica, atMs }) => `${replica} meets a ${harm} at ${(atMs / MS).toFixed(1)} s`))}.`,
  );
  story.chart({
    id: 'timeline',
    title:
      measured.failed === 0
        ? 'Three replicas lost, no request failed'
        : `Three replicas lost, ${count(measured.failed)} of ${count(measured.sent)} requests failed`,
    subtitle: `requests answered a second by replica, in steps of ${STEP_MS} ms`,
    caption: `${marks.map(({ number, event }) => `${number}: ${event}`).join('; ')}. Replacements have random names.`,
    rows: steps.flatMap(({ fromMs, replicas }) =>
      order.map((replica, at) => ({
        s: fromMs / MS,
        replica,
        order: at,
        rate: (replicas[replica] ?? 0) / (STEP_MS / MS),
      })),
    ),
    datasets: { events: marks },
    width: 540,
    height: 220,
    spec: timeline(
      { field: 'rate', title: 'answered a second' },
      { field: 'replica', title: 'replica' },
      order,
    ),
  });
}

function tellRecoveries(story: Story, recoveries: readonly Recovery[], measured: LoadResult): void {
  const listed = recoveries.map(({ harm, callMs, noticedMs, completeMs, replacement }) => `after the ${harm} it took ${noticedMs.toFixed(0)} ms to notice and ${completeMs.toFixed(0)} ms until ${replacement} made the fleet complete (the call itself took ${callMs.toFixed(0)} ms)`); // prettier-ignore
  const errors = Object.entries(measured.errors).map(([kind, n]) => `${kind} ${n}`);
  const { fit, responseMs } = measured;
  story.words(
    `Counted from the call: ${list(listed)}. ${count(measured.failed)} of ${count(measured.sent)} requests failed${errors.length === 0 ? '' : ` (${list(errors)})`}; half were answered within ${(responseMs.p50 ?? NaN).toFixed(1)} ms, 99% within ${(responseMs.p99 ?? NaN).toFixed(0)} ms. ${fit.ok ? 'The machine had the time to measure this.' : `**Not fit to be believed:** ${fit.reasons.join(' ')}`}`,
  );
  const phases = ['noticed', 'complete again'];
  story.chart({
    id: 'recovery',
    title: `Complete again after at most ${(Math.max(...recoveries.map(({ completeMs }) => completeMs)) / MS).toFixed(2)} s`,
    subtitle: 'time from the call that did the harm',
    caption: 'Until the replica is out of the balancer’s sight, and until N replicas serve again.',
    rows: recoveries.flatMap(({ harm, noticedMs, completeMs }) => [
      { harm, phase: phases[0], ms: noticedMs },
      { harm, phase: phases[1], ms: completeMs },
    ]),
    width: 380,
    spec: columnGroups(
      { field: 'harm', title: 'what was done' },
      { field: 'ms', title: 'time (ms)', format: ',d' },
      { field: 'phase', title: 'until' },
      phases,
    ),
  });
  story.claim(
    'After each of them N replicas serve again',
    recoveries.every(({ completeMs }) => Number.isFinite(completeMs)),
  );
  story.claim(
    'Every replacement has a fresh name',
    recoveries.every(({ replica, replacement }) => replacement !== replica && replacement !== 'nobody'),
  );
  story.record('recoveries', recoveries);
  story.record('load', { ...measured, serviceMs: undefined, timeline: undefined });
}

/** What the same failures cost a balancer that retries nothing, which is what the simulator models. */
function tellRetries(
  story: Story,
  lab: LiveLab,
  recoveries: readonly Recovery[],
  measured: LoadResult,
): void {
  const slowest = (ms: (r: Recovery) => number): number => Math.max(...recoveries.map(ms));
  const simulated = lab.simulate(
    lab.scenario({
      ...SCENARIO,
      arrivals: `poisson(${RATE})`,
      requests: measured.sent,
      failAt: recoveries.map(({ atMs, replica }) => `${atMs.toFixed(0)}ms:${replica}`).join('+'),
      detect: Math.round(slowest(({ noticedMs }) => noticedMs)),
      start: Math.round(slowest(({ noticedMs, completeMs }) => completeMs - noticedMs)),
    }),
  );
  const failed = simulated.summary.requests - simulated.summary.completed;
  story.words(
    `The simulator was given the same failures and the slowest notice and start that were measured, but it retries nothing: ${count(failed)} of its requests fail, ${count(measured.failed)} of the live ones did. The difference is what trying another replica saves.`,
  );
  story.chart({
    id: 'failed',
    title: `Retries turn ${count(failed)} failed requests into ${count(measured.failed)}`,
    subtitle: `failed of ${count(measured.sent)} requests; three replicas lost`,
    caption: 'Simulated: a balancer that retries nothing. Live: the gateway, which tries another replica.',
    rows: [
      { world: 'simulated', balancer: 'simulated, without retries', requests: failed },
      { world: 'live', balancer: 'live, with retries', requests: measured.failed },
    ],
    width: 320,
    spec: columnGroups(
      { field: 'balancer', title: 'balancer' },
      { field: 'requests', title: 'failed requests', format: ',d' },
      { field: 'world', title: 'world' },
      ['simulated', 'live'],
    ),
  });
  story.claim('The gateway fails fewer requests than a balancer without retries', measured.failed < failed);
}
