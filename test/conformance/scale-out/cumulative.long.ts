/**
 * The recipe "Scale out" of docs/operating.md, in network namespaces: a node is killed, and later one is added, while
 * applications push. What the recipe's queries give is held against what was sent, at every second.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { graph, type Line } from './graph.ts';
import { startNode } from './node.ts';
import { type Senders, startSenders } from './senders.ts';
import { createStage, type Stage } from './stage.ts';

const brief = process.env.METERBRIDGE_TRUTH === 'some';
/** `metric_expiration` of the nodes. */
const expirationSeconds = brief ? 10 : 30;
/** How long each phase lasts. */
const phaseMs = brief ? 8_000 : 40_000;
/** Between the end of a node and the time when DNS no longer has it. */
const noticeMs = 3_000;

const total = 'max without (instance) (jobs_done_total)';
const twice = 'count without (instance) (jobs_done_total) > 1';
const node = () => ({ expiration: `${expirationSeconds}s` });

/** In seconds since the epoch. */
interface Times {
  readonly from: number;
  readonly killed: number;
  readonly added: number;
  readonly to: number;
}

test('cumulative senders: no point is lost, and the query is right throughout', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const stage = await createStage(t, { node });
  if (stage === undefined) return;
  const { balancers } = stage;
  const endpoint = (sender: number, push: number) => balancers[(sender + push) % balancers.length]?.endpoint ?? '';
  const senders = startSenders({ service: 'shop', count: 24, everyMs: 500, temporality: 'cumulative', endpoint });
  const times = await play(t, stage, senders);

  const lines = await graph(stage.prometheus, total, times.from, times.to);
  assert.deepEqual(lines.map(({ labels }) => labels.exported_instance).sort(), [...senders.sent.keys()].sort());
  for (const line of lines) rightThroughout(line, senders);
  const counted = await increase(stage, times, total);
  const sent = [...senders.sent.keys()].reduce(
    (sum, name) => sum + sentBy(senders, name, times.to) - sentBy(senders, name, times.from),
    0,
  );
  assert.ok(Math.abs(counted / sent - 1) < 0.1, `an increase of ${counted}, of which ${sent} were sent`);
  await tell(t, stage, senders, times, lines, counted / sent);
  await noneLost(stage, senders, times);
});

/** A node is killed, and one is added. */
async function play(t: TestContext, { network, nodes, announceNodes, shown }: Stage, senders: Senders): Promise<Times> {
  const all = () => until('all are shown', async () => (await shown(total)) === senders.sent.size);
  const now = () => Date.now() / 1_000;
  await all();
  const from = now();
  await sleep(phaseMs);
  assert.equal(await shown(twice), 0, 'both Collectors give a resource to the same node');
  assert.equal(await shown('count by (instance) (jobs_done_total)'), 3, 'each node has some');

  await nodes.splice(1, 1)[0]?.child.kill();
  const killed = now();
  await sleep(noticeMs);
  announceNodes();
  await all();
  await sleep(phaseMs);

  nodes.push(await startNode(t, network.add(), node()));
  announceNodes();
  const added = now();
  await until('the new node has some', async () => (await shown(twice)) > 0);
  await sleep(phaseMs + expirationSeconds * 1_000);
  const to = now();
  await senders.stop();
  return { from, killed, added, to };
}

/** How many values of a sender had been sent by then. */
function sentBy(senders: Senders, instance: string, seconds: number): number {
  return (senders.sent.get(instance) ?? []).findLast(([at]) => at <= seconds * 1_000)?.[1] ?? 0;
}

/** Never more than was sent, never less than before, and all of it once the last push is scraped. */
function rightThroughout({ labels, values }: Line, senders: Senders): void {
  const instance = labels.exported_instance ?? '';
  let before = 0;
  for (const [at, value] of values) {
    assert.ok(value >= before, `${instance}: ${value} after ${before}`);
    assert.ok(
      value <= sentBy(senders, instance, at),
      `${instance}: ${value}, of which ${sentBy(senders, instance, at)} were sent by then`,
    );
    before = value;
  }
}

/** Of all senders together, by the recipe's second query. */
async function increase({ prometheus }: Stage, { from, to }: Times, query: string): Promise<number> {
  const [result] = await prometheus.query(`sum(increase((${query})[${Math.round(to - from)}s:1s]))`, to);
  return Number(result?.value);
}

async function tell(
  t: TestContext,
  { prometheus }: Stage,
  senders: Senders,
  times: Times,
  lines: readonly Line[],
  counted: number,
): Promise<void> {
  const { from, added, to } = times;
  const gaps = lines.map(({ values }) => longestGap(values.map(([at]) => at))).filter((seconds) => seconds > 1);
  const doubles = await graph(prometheus, twice, from, to);
  for (const { values } of doubles)
    assert.ok((values[0]?.[0] ?? 0) >= added - 1, 'only what moved to the new node is shown twice');
  const seconds = doubles.map(({ values }) => values.length);
  const [ratio] = await graph(prometheus, `sum(jobs_done_total) / sum(${total})`, added, to);
  const most = Math.max(...(ratio?.values ?? []).map(([, value]) => value));
  t.diagnostic(
    [
      `${senders.sent.size} senders, ${[...senders.sent.values()].flat().length} points, ${senders.retried()} pushes sent again`,
      `a node killed, out of DNS after ${noticeMs / 1_000} s: ${gaps.length} senders absent for ${Math.min(...gaps)} to ${Math.max(...gaps)} s`,
      `a node added: ${doubles.length} senders shown twice for ${Math.min(...seconds)} to ${Math.max(...seconds)} s (expiration ${expirationSeconds} s)`,
      `a plain sum up to ${most.toFixed(2)} times the true one; the increase of all ${counted.toFixed(3)} times what was sent`,
    ].join('; '),
  );
}

/** In seconds. */
function longestGap(times: readonly number[]): number {
  return times.reduce((longest, at, index) => Math.max(longest, index === 0 ? 0 : at - (times[index - 1] ?? at)), 0);
}

/** What the killed node had taken last is in its memory alone; later values of the same series stand for it. */
async function noneLost({ nodes, balancers }: Stage, senders: Senders, { killed }: Times): Promise<void> {
  await until('all is taken', async () => (await Promise.all(balancers.map((one) => one.empty()))).every(Boolean));
  await Promise.all(nodes.map(({ child }) => child.stop()));
  const taken = new Set(nodes.flatMap((one) => one.taken()).map(({ instance, value }) => `${instance} ${value}`));
  const since = [...senders.sent].flatMap(([instance, log]) =>
    log.flatMap(([at, value]) => (at >= killed * 1_000 ? [`${instance} ${value}`] : [])),
  );
  assert.ok(since.length > senders.sent.size);
  assert.deepEqual(
    since.filter((point) => !taken.has(point)),
    [],
    'every point since the end of the node has reached another one',
  );
}
