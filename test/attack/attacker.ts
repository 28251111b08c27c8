/**
 * A hostile sender, to be run as a process of its own: `attacker.ts HTTP GRPC PAGE LANES PAUSE_MS NAME…`. It begins when told to,
 * and sends the requests of all its attacks in turn. LANES 0: as many as the attacks want.
 */
import { execFileSync } from 'node:child_process';
import type { Agent } from 'node:http';
import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { frame } from '../service/receivers/otlp/grpc-client.ts';
import { type AttackName, attacks, type Shot } from './bodies.ts';
import { type FloodName, flood, floods } from './floods.ts';
import { grpcCalls } from './grpc-calls.ts';
import { agent as oneConnection, request } from './reach.ts';

/** What it says at its end: how many answers of each kind it has had. */
export type Answers = Readonly<Record<string, number>>;

const [http, grpc, page, most, pause, ...names] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  ...(AttackName | FloodName)[],
];
const pauseMs = Number(pause);
const answers: Record<string, number> = {};
let going = true;
const call = grpcCalls(grpc);

setPriority(constants.priority.PRIORITY_LOW);
holdToOneProcessor();

/** The others are for the service and its honest senders. */
function holdToOneProcessor(): void {
  try {
    execFileSync('taskset', ['-a', '-p', '-c', '0', String(process.pid)]);
  } catch {
    // Where there is no taskset, its low priority has to do.
  }
}

function overHttp({ road, body, headers = {} }: Shot, agent: Agent): Promise<string> {
  const [method, path] = road === 'page' ? ['GET', '/metrics'] : ['POST', '/v1/metrics'];
  return new Promise((resolve) => {
    const sent = request(road === 'page' ? page : http, { method, path, headers, agent });
    sent.on('response', (response) => {
      response.resume();
      response.once('close', () => resolve(String(response.statusCode)));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end(body);
  });
}

async function overGrpc({ body = Buffer.alloc(0), headers = {} }: Shot): Promise<string> {
  try {
    return `grpc ${(await call(frame(body, 1), headers)).grpcStatus}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** One of each, as often as the longest list says. */
function inTurn(lists: readonly (readonly Shot[])[]): Shot[] {
  const rounds = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => lists.map((list) => list[round % list.length] as Shot)).flat();
}

async function lane(from: number): Promise<void> {
  const agent = oneConnection();
  for (let at = from; going; at++) {
    const shot = shots[at % shots.length] as Shot;
    const answer = await (shot.road === 'grpc' ? overGrpc(shot) : overHttp(shot, agent));
    answers[answer] = (answers[answer] ?? 0) + 1;
    // One that is refused at once must not spin here, in the place of the service.
    if (pauseMs > 0 || /^E/.test(answer)) await sleep(Math.max(pauseMs, 10));
  }
}

const isFlood = (name: AttackName | FloodName): name is FloodName => name in floods;
const flooding = names.filter(isFlood);
const shooting = names.filter((name): name is AttackName => !isFlood(name));
const lanes = shooting.length === 0 ? 0 : Number(most) || Math.max(...shooting.map((name) => attacks[name].lanes));
const shots = inTurn(shooting.map((name) => attacks[name].shots()));
process.on('message', (order: 'go' | 'stop') => {
  if (order === 'go') {
    for (let at = 0; at < lanes; at++) void lane(at);
    for (const name of flooding) void flood(floods[name], { http, grpc, page }, answers);
  } else {
    going = false;
    // What is under way is cut, as at the end of any process.
    process.send?.(answers, () => process.exit());
  }
});
process.send?.('ready');
