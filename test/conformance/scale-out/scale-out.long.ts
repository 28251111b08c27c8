/**
 * The recipe "Scale out" of docs/operating.md, in network namespaces: two Collectors, three nodes, one Prometheus. A node is killed, and later one is added, while
 * applications push. What the recipe's query gives is held against what was sent, at every second.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { requirePeer } from '../peers.ts';
import { startBalancer, startFleet } from './fleet.ts';
import { graph, type Line } from './graph.ts';
import { createNetwork } from './namespaces.ts';
import { startNode } from './node.ts';
import { type Senders, startSenders } from './senders.ts';

const brief = process.env.METERBRIDGE_TRUTH === 'some';
/** `metric_expiration` of the nodes. */
const expirationSeconds = brief ? 10 : 30;
/** How long each phase lasts. */
const phaseMs = brief ? 8_000 : 40_000;
/** Between the end of a node and the time when DNS no longer has it. */
const noticeMs = 3_000;

/** How many values of a sender had been sent by then. */
function sentBy(senders: Senders, instance: string, seconds: number): number {
  return (senders.sent.get(instance) ?? []).findLast(([at]) => at <= seconds * 1_000)?.[1] ?? 0;
}

const total = 'max without (instance) (jobs_done_total)';

test('cumulative senders: no point is lost, and the query is right throughout', {
  skip: process.platform !== 'linux',
}, async (t: TestContext) => {
  const collector = requirePeer(t, 'collector');
  const server = collector === undefined ? undefined : requirePeer(t, 'prometheus3');
  if (collector === undefined || server === undefined) return;
  const network = createNetwork(t);
  if (network === undefined) return;

  const expiration = `${expirationSeconds}s`;
  const nodes = await Promise.all([1, 2, 3].map(() => startNode(t, network.add(), { expiration })));
  const fleet = await startFleet(t, network, server);
  const there = () => nodes.map(({ host }) => host);
  fleet.announce(there());
  const balancers = await Promise.all([startBalancer(network.add(), collector), startBalancer(network.add(), collector)]);
  const endpoint = (sender: number, push: number) => balancers[(sender + push) % balancers.length] ?? '';
  const senders = startSenders({ service: 'shop', count: 24, everyMs: 500, temporality: 'cumulative', endpoint });
  const shown = async (query: string) => (await fleet.prometheus.query(query)).length;
  await until('all are shown', async () => (await shown(total)) === senders.sent.size);
  const from = Date.now() / 1_000;

  await sleep(phaseMs);
  assert.equal(await shown('count without (instance) (jobs_done_total) > 1'), 0, 'both Collectors give a resource to the same node');
  const perNode = await fleet.prometheus.query('count by (instance) (jobs_done_total)');
  assert.equal(perNode.length, 3, 'each node has some');

  const [killed] = nodes.splice(1, 1);
  await killed?.child.kill();
  const killedAt = Date.now() / 1_000;
  await sleep(noticeMs);
  fleet.announce(there());
  await until('all are shown again', async () => (await shown(total)) === senders.sent.size);
  await sleep(phaseMs);

  nodes.push(await startNode(t, network.add(), { expiration }));
  fleet.announce(there());
  const addedAt = Date.now() / 1_000;
  await until('the new node has some', async () => (await shown('count without (instance) (jobs_done_total) > 1')) > 0);
  await sleep(phaseMs + expirationSeconds * 1_000);

  await senders.stop();
  // Up to here the last values must be shown; later they expire.
  await until('the last values are shown', async () => {
    const values = await fleet.prometheus.query(total);
    return (
      values.length === senders.sent.size &&
      values.every(({ labels, value }) => sentBy(senders, labels.exported_instance ?? '', Number.POSITIVE_INFINITY) === Number(value))
    );
  });
  const to = Date.now() / 1_000;

  const lines = await graph(fleet.prometheus, total, from, to);
  assert.deepEqual(lines.map(({ labels }) => labels.exported_instance).sort(), [...senders.sent.keys()].sort());
  for (const line of lines) rightThroughout(line, senders);
  const gaps = lines.map(({ values }) => longestGap(values.map(([at]) => at))).filter((seconds) => seconds > 1);
  const twice = await graph(fleet.prometheus, 'count without (instance) (jobs_done_total) > 1', from, to);
  for (const { values } of twice) assert.ok((values[0]?.[0] ?? 0) >= addedAt - 1, 'only what moved to the new node is shown twice');
  const seconds = twice.map(({ values }) => values.length);
  const sums = await graph(fleet.prometheus, 'sum(jobs_done_total) / sum(max without (instance) (jobs_done_total))', addedAt, to);
  t.diagnostic(
    [
      `${senders.sent.size} senders, ${[...senders.sent.values()].flat().length} points, ${senders.retried()} pushes sent again`,
      `killed at ${(killedAt - from).toFixed(1)} s, DNS after ${noticeMs / 1_000} s: ${gaps.length} senders absent for ${Math.min(...gaps)} to ${Math.max(...gaps)} s`,
      `added at ${(addedAt - from).toFixed(1)} s: ${twice.length} senders shown twice for ${Math.min(...seconds)} to ${Math.max(...seconds)} s (expiration ${expiration}), a plain sum up to ${Math.max(...(sums[0]?.values ?? []).map(([, ratio]) => ratio)).toFixed(2)} times the true one`,
    ].join('; '),
  );
  // What the killed node had taken last is in its memory alone; later values of the same series stand for it.
  await Promise.all(nodes.map(({ child }) => child.stop()));
  const taken = new Set(nodes.flatMap((node) => node.taken()).map(({ instance, value }) => `${instance} ${value}`));
  const after = [...senders.sent].flatMap(([instance, log]) =>
    log.filter(([at]) => at >= killedAt * 1_000).map(([, value]) => `${instance} ${value}`),
  );
  assert.ok(after.length > senders.sent.size);
  assert.deepEqual(
    after.filter((point) => !taken.has(point)),
    [],
    'every point since the end of the node has reached another one',
  );
});

/** Never more than was sent, never less than before. */
function rightThroughout({ labels, values }: Line, senders: Senders): void {
  let before = 0;
  for (const [at, value] of values) {
    const instance = labels.exported_instance ?? '';
    assert.ok(value >= before, `${instance}: ${value} after ${before}`);
    assert.ok(value <= sentBy(senders, instance, at), `${instance}: ${value}, of which ${sentBy(senders, instance, at)} were sent by then`);
    before = value;
  }
}

/** In seconds. */
function longestGap(times: readonly number[]): number {
  return times.reduce((longest, at, index) => Math.max(longest, index === 0 ? 0 : at - (times[index - 1] ?? at)), 0);
}
