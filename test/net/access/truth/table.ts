/** Asks for every cell of a host's table, and lists those that are answered otherwise than was typed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../until.ts';
import type { Expected, Place } from './answers.ts';
import { type Bind, clients, forwarded, lacking, tokens } from './axes.ts';
import { type Cell, cellsOf, form, nameOf } from './cells.ts';
import { askAlone, type Connections, connections, type Response } from './connections.ts';
import { type Daemon, serve } from './places.ts';

export interface Truth {
  readonly configs: Readonly<Record<Place, readonly string[]>>;
  readonly paths: readonly string[];
  readonly accept?: string;
  readonly expected: (cell: Cell, place: Place, refusals?: number) => Expected;
}

export type Start = (config: string) => Daemon;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly length: string | undefined;
  readonly body: string;
  /** Its head as it was on the wire, but for date, length and id. */
  readonly head: string;
}

export interface Outcome {
  readonly cells: number;
  readonly differences: readonly string[];
}

/** Two for each address, so that a request does not always find the connection of the one before. */
const maxSockets = 2;
const atOnce = 8;

/**
 * One configuration on one server: first who is not to cause collections, in any order, then the others. It asks no more once
 * `enough` cells differ.
 */
async function compare(
  truth: Truth,
  place: Place,
  daemon: Daemon,
  bind: Bind,
  cells: readonly Cell[],
  enough: number,
): Promise<string[]> {
  const { port, close } = await serve(daemon, place, bind);
  const kept = new Map(Object.values(clients).map(({ from }) => [from, connections(port, from, maxSockets)]));
  const differences: string[] = [];
  const missing = new Map<string, string>();
  const done = () => differences.length >= enough;

  async function ask(cell: Cell, refusals: number): Promise<void> {
    const expected = truth.expected(cell, place, refusals);
    const answer = await answerTo(cell, port, kept.get(cell.client.from) as Connections, truth.accept);
    const found = differing(cell, expected, answer);
    if (expected.status === 404) {
      // What is hidden must not be told from what is not there.
      const how = `${cell.method} ${cell.upgrade}`;
      const first = missing.get(how) ?? answer.head;
      missing.set(how, first);
      if (answer.head !== first) found.push(`head ${answer.head}, of another 404 ${first}`);
    }
    if (found.length > 0) differences.push(`${nameOf(cell)}: ${found.join('; ')}`);
  }

  try {
    const [collecting, others] = [true, false].map((yes) =>
      cells.filter((cell) => !truth.expected(cell, place).collects === !yes),
    );
    const refusals = cells.filter((cell) => truth.expected(cell, place).refused).length;
    await each(others ?? [], (cell) => ask(cell, 0), done);
    if (done()) return differences;
    const { collected, refused } = daemon;
    const ran = collected?.() ?? 0;
    if (ran > 0) differences.push(`callbacks ran ${ran} times for who was to be refused, or asked for no values`);
    // What has come out differently already is also counted differently.
    if (refused !== undefined && differences.length === 0)
      await until(`told of ${refusals} refusals`, () => refused() >= refusals);
    if (refused !== undefined && refused() > refusals)
      differences.push(`${refused()} refusals were told of instead of ${refusals}`);
    await each(collecting ?? [], (cell) => ask(cell, refusals), done);
    if (collecting?.length !== 0 && collected?.() === 0) differences.push('callbacks ran for nobody');
    return differences;
  } finally {
    for (const one of kept.values()) one.destroy();
    await close();
  }
}

async function each(cells: readonly Cell[], ask: (cell: Cell) => Promise<void>, done: () => boolean): Promise<void> {
  const rest = cells.values();
  async function inTurn(): Promise<void> {
    for (const cell of rest) {
      if (done()) return;
      await ask(cell);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, inTurn));
}

const upgradeHeaders: [name: string, value: string][] = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
];

async function answerTo(cell: Cell, port: number, kept: Connections, accept: string | undefined): Promise<Answer> {
  const { lines = [], realIp } = { lines: undefined, realIp: undefined, ...forwarded[cell.forwarded] };
  const sent: [name: string, value: string][] = [
    ['Host', 'localhost'],
    ...lines.map((line): [string, string] => ['X-Forwarded-For', line]),
    ...(realIp === undefined ? [] : [['X-Real-IP', realIp] as [string, string]]),
    ...tokens[cell.token].map((line): [string, string] => ['Authorization', line]),
    ...(accept === undefined ? [] : [['Accept', accept] as [string, string]]),
    ['X-Request-Id', 'mine'],
    // RFC 10008, section 2: a QUERY without it is refused.
    ...(cell.method === 'QUERY' ? [['Content-Type', 'text/plain'] as [string, string]] : []),
  ];
  const { method, path, upgrade, client } = cell;
  sent.push(...(upgrade ? upgradeHeaders : [['Connection', 'keep-alive'] as [string, string]]));
  // As Node's client sends a method that has a body by habit, but none here.
  const body = /^(GET|HEAD|DELETE|OPTIONS)$/.test(method) ? '' : '0\r\n\r\n';
  if (body !== '') sent.push(['Transfer-Encoding', 'chunked']);
  const bytes = `${method} ${path} HTTP/1.1\r\n${sent.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
  // A connection on which an upgrade was asked for is good for nothing else.
  return answerOf(await (upgrade ? askAlone(port, client.from, bytes, method) : kept.ask(bytes, method)));
}

/** What differs from one answer to the next. */
const varying = new Set(['date', 'content-length', 'x-request-id']);
/** Of the connection, not of the answer. */
const hops = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);

function answerOf(response: Response): Answer {
  const { status, body } = response;
  const headers: Record<string, string> = {};
  const head: string[] = [];
  let length: string | undefined;
  for (const [name, value] of response.headers) {
    if (name === 'content-length') length = value;
    head.push(name, varying.has(name) ? '…' : value);
    if (hops.has(name)) continue;
    const shown = name === 'x-request-id' && /^[0-9a-f]{16}$/.test(value) ? 'ID' : value;
    headers[name] = headers[name] === undefined ? shown : `${headers[name]}, ${shown}`;
  }
  return { status, headers, length, body, head: head.join(' ') };
}

function differing({ method }: Cell, expected: Expected, answer: Answer): string[] {
  const found: string[] = [];
  if (answer.status !== expected.status) found.push(`status ${answer.status} instead of ${expected.status}`);
  const [given, wanted] = [answer.headers, expected.headers].map((headers) => JSON.stringify(Object.entries(headers).sort()));
  if (given !== wanted) found.push(`headers ${given} instead of ${wanted}`);
  const body = method === 'HEAD' ? '' : expected.body;
  if (answer.body !== body) found.push(`body ${shown(answer.body, body)}`);
  const length = String(Buffer.byteLength(expected.body));
  const mayLack = method === 'HEAD';
  if (answer.length === undefined ? !mayLack : answer.length !== length)
    found.push(`length ${answer.length} instead of ${length}`);
  return found;
}

/** From where on they differ. */
function shown(given: string, wanted: string): string {
  let at = 0;
  while (at < given.length && given[at] === wanted[at]) at++;
  return `from ${at} on ${JSON.stringify(given.slice(at, at + 80))} instead of ${JSON.stringify(wanted.slice(at, at + 80))}`;
}

/** Every cell of a place, or as many as it takes until `enough` of them differ. */
export async function tabulate(
  truth: Truth,
  place: Place,
  start: Start,
  configs = truth.configs[place],
  enough = Number.POSITIVE_INFINITY,
  cellsIn = form,
): Promise<Outcome> {
  const differences: string[] = [];
  let count = 0;
  for (const config of configs) {
    const byBind = Object.groupBy(cellsOf(config, truth.paths, cellsIn), ({ client }) => client.bind);
    for (const [bind, cells] of Object.entries(byBind)) {
      if (differences.length >= enough) return { cells: count, differences };
      count += cells.length;
      differences.push(...(await compare(truth, place, start(config), bind as Bind, cells, enough)));
    }
  }
  return { cells: count, differences };
}

const mostShown = 10;

/** A test for each place. */
export function tests(host: string, truth: Truth, start: Start): void {
  for (const place of Object.keys(truth.configs) as Place[]) {
    test(`${host} on ${place}`, async (t) => {
      for (const what of lacking) t.diagnostic(`skipped: clients from ${what}, which this machine does not have`);
      const { cells, differences } = await tabulate(truth, place, start);
      t.diagnostic(`${cells} cells`);
      assert.equal(
        differences.length,
        0,
        `${differences.length} of ${cells} cells differ:\n${differences.slice(0, mostShown).join('\n')}`,
      );
    });
  }
}

/** A table that finds nothing wrong with these would find nothing. */
export function canFail(host: string, truth: Truth, start: Start, wrong: Readonly<Record<string, Start>>): void {
  const config = truth.configs['node:http'].at(-1) as string;
  for (const [what, startWrong] of Object.entries(wrong)) {
    test(`${host}: the table tells ${what}`, async (t) => {
      const { differences } = await tabulate(truth, 'node:http', startWrong, [config], 1, 'some');
      assert.ok(differences.length > 0);
      t.diagnostic(`differs first: ${differences[0]}`);
    });
  }

  test(`${host}: the table tells one cell that is typed wrong, and no other`, async () => {
    const [path] = truth.paths;
    const name = `${config}; from 127.0.0.1; forwarded: nothing; token: none; PUT ${path}`;
    const mistyped: Truth = {
      ...truth,
      expected: (cell, ...more) => ({ ...truth.expected(cell, ...more), ...(nameOf(cell) === name && { status: 418 }) }),
    };
    const { differences } = await tabulate(mistyped, 'node:http', start, [config], undefined, 'some');
    assert.equal(differences.length, 1, differences.slice(0, mostShown).join('\n'));
    assert.ok(differences[0]?.startsWith(`${name}: status `), differences[0]);
  });
}
