/**
 * Deltas behind the recipe's Collectors: a node is killed and started again, as a StatefulSet does. Its totals go on only with
 * `--keep` and its directory. The Collectors send one batch after the other here, for a delta that overtakes another one leaves a
 * gap.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderWith } from '../../examples/example.ts';
import { until } from '../../until.ts';
import { type Node, startNode } from './node.ts';
import { startSenders } from './senders.ts';
import { createStage } from './stage.ts';

const phaseMs = process.env.METERBRIDGE_TRUTH === 'some' ? 4_000 : 30_000;
const total = 'sum without (instance) (jobs_done_total)';

for (const kept of [true, false]) {
  test(`delta senders: the totals of a killed node ${kept ? 'go on with' : 'are lost without'} --keep`, {
    skip: process.platform !== 'linux',
  }, async (t) => {
    const { folder } = folderWith(t, 'of', 'this test');
    const options = (at: number) => {
      mkdirSync(join(folder, `${at}`), { recursive: true });
      return { expiration: '300s', options: kept ? ['--keep', join(folder, `${at}`)] : [] };
    };
    const stage = await createStage(t, {
      node: options,
      over: ['yaml:exporters::loadbalancing::sending_queue::num_consumers: 1'],
    });
    if (stage === undefined) return;
    const { nodes, balancers, prometheus, shown } = stage;
    const endpoint = (sender: number) => balancers[sender % balancers.length]?.endpoint ?? '';
    const senders = startSenders({ service: 'shop', count: 12, everyMs: 250, temporality: 'delta', endpoint });
    await until('all are shown', async () => (await shown(total)) === senders.sent.size);
    await sleep(phaseMs);

    const names = async (node: Node) =>
      (await prometheus.query(`jobs_done_total{instance="${node.host.address}:8889"}`)).map(
        ({ labels }) => labels.exported_instance ?? '',
      );
    const shares = await Promise.all(nodes.map(names));
    const at = shares.findIndex((share) => share.length > 0 && share.length < senders.sent.size);
    const [node, its = []] = [nodes[at] ?? assert.fail(`no node has a share: ${JSON.stringify(shares)}`), shares[at]];
    await node.child.kill();
    nodes[at] = await startNode(t, node.host, options(at));
    await sleep(phaseMs);
    await senders.stop();
    await until('all is taken', async () => (await Promise.all(balancers.map((one) => one.empty()))).every(Boolean));

    const differences = async () => {
      const values = new Map(
        (await prometheus.query(total)).map(({ labels, value }) => [labels.exported_instance ?? '', Number(value)]),
      );
      return [...senders.sent].map(([instance, log]) => ({ instance, lost: log.length - (values.get(instance) ?? Number.NaN) }));
    };
    const complete = async (wanted: readonly string[]) =>
      (await differences()).every(({ instance, lost }) => !wanted.includes(instance) || lost === 0);
    const others = [...senders.sent.keys()].filter((instance) => !its.includes(instance));
    await until('the totals of the others are complete', () => complete(others));
    if (kept) await until('its totals are complete', () => complete(its));
    const lost = (await differences()).filter(({ instance }) => its.includes(instance)).map((one) => one.lost);
    t.diagnostic(
      `of ${its.length} senders whose node was killed, each of some ${senders.sent.get(its[0] ?? '')?.length} runs, lost: ${lost.join(' ')}`,
    );
    assert.ok(kept || lost.every((count) => count > 0), 'what it had counted is gone');
  });
}
