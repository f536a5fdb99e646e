/** A client that asks one thing, perhaps slowly, perhaps not to the end, and says what it got. */
import { request as httpRequest } from 'node:http';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { filled } from './plan.ts';
import type { Plan } from './plan.ts';
import { seal } from './replica.ts';

/** No request may take this long, whatever the machine does. */
const SILENT_MS = 60_000;
const PAUSE_MS = 15;

/** What became of a request. */
export interface End {
  readonly plan: Plan;
  /** `own` is an answer of the gateway's own, `wrong` one of a replica to something else, or not as that gave it. */
  readonly how: 'right' | 'wrong' | 'own' | 'broken' | 'left' | 'silent';
  /** 0 where there was none. */
  readonly status: number;
  readonly detail: string;
}

/** Asks, and waits for the end of it. */
export function ask(url: string, agent: Agent, plan: Plan): Promise<End> {
  return new Promise((resolve) => {
    const request = httpRequest(url, { method: plan.method, headers: headersOf(plan), agent });
    const timers: NodeJS.Timeout[] = [];
    const end = (how: End['how'], status = 0, detail = ''): void => {
      timers.forEach(clearTimeout);
      resolve({ plan, how, status, detail });
      if (how === 'left' || how === 'silent' || !request.writableEnded) request.destroy();
    };
    let status = 0;
    timers.push(
      setTimeout(() => {
        end('silent', status, status === 0 ? 'no head' : 'no end of its body');
      }, SILENT_MS),
    );
    if (plan.leavesMs > 0) timers.push(setTimeout(end, plan.leavesMs, 'left'));
    request.on('error', ({ message }) => {
      end('broken', 0, message);
    });
    request.on('response', (response) => {
      status = response.statusCode ?? 0;
      void read(response, plan).then((got) => {
        end(...got);
      });
    });
    if (plan.expects) request.on('continue', () => void send(request, plan)).flushHeaders();
    else void send(request, plan);
  });
}

function headersOf({ id, manners, lateMs, answerBytes, body, chunked, expects }: Plan) {
  const told = {
    'X-Id': id,
    'X-Manners': manners.join(','),
    'X-Late-Ms': lateMs,
    'X-Bytes': answerBytes,
    ...(expects && { Expect: '100-continue' }),
  };
  if (body.length === 0) return told;
  return { ...told, ...(chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': body.length }) };
}

async function send(request: ClientRequest, { body, inPieces }: Plan): Promise<void> {
  const piece = inPieces ? Math.ceil(body.length / 3) : body.length;
  for (let at = 0; at < body.length && !request.destroyed; at += piece) {
    request.write(body.subarray(at, at + piece));
    if (inPieces) await sleep(PAUSE_MS);
  }
  request.end();
}

async function read(response: IncomingMessage, plan: Plan): Promise<[End['how'], number, string]> {
  const { statusCode: status = 0 } = response;
  const pieces: Buffer[] = [];
  try {
    for await (const piece of response) pieces.push(piece as Buffer);
  } catch (error) {
    return ['broken', status, String(error)];
  }
  const body = Buffer.concat(pieces);
  const { 'x-replica': name = '', 'x-seal': sealed } = response.headers;
  if (sealed === undefined) return ['own', status, body.toString()];
  const due = filled(plan.id, plan.method === 'HEAD' ? 0 : plan.answerBytes);
  const right = sealed === seal(plan.id, String(name), plan.body) && body.equals(due);
  return [right ? 'right' : 'wrong', status, `${String(sealed)}, ${body.length} bytes`];
}
