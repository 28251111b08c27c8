/**
 * What senders can make the service hold: each attack twice, with the default limits and the heap that the systemd unit gives it.
 * The service stays, shows what honest senders send, takes new values of it, and says what it refuses. And what a resource costs.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startChild } from '../conformance/child.ts';
import { command } from '../tools/cli/run-command.ts';
import { type AttackName, attacks, type Shot } from './bodies.ts';
import { type Addresses, addresses, configurationAt, mib } from './served.ts';
import { residentOf } from './watch.ts';
import { attribute, double, message, numbered, placeholder, time } from './wire.ts';

const skip = process.platform !== 'linux';
const protobuf = { 'content-type': 'application/x-protobuf' };

async function start(t: TestContext) {
  const at = await addresses();
  const child = startChild(t, process.execPath, [
    '--max-old-space-size=512',
    ...command,
    'serve',
    '--config',
    `yaml:${JSON.stringify(configurationAt(at))}`,
  ]);
  await child.until('ready', () => child.stderr().includes('Everything is ready.'));
  return { ...at, child };
}

const gauge = (value: number, ...attributes: readonly Uint8Array[]) => message(1, ...attributes, time(3), double(4, value));
const resourceMetrics = (resource: Uint8Array, ...metrics: readonly Uint8Array[]) => message(1, resource, message(2, ...metrics));
const honest = (value: number) =>
  resourceMetrics(
    message(1, attribute(1, 'service.name', 'honest')),
    message(2, message(1, 'honest.level'), message(5, gauge(value))),
  );

async function post({ http }: Addresses, { body = new Uint8Array(0), headers = protobuf }: Pick<Shot, 'body' | 'headers'>) {
  const response = await fetch(`http://${http}/v1/metrics`, { method: 'POST', headers, body: new Uint8Array(body) });
  return { status: response.status, text: await response.text() };
}

async function sample(url: string, name: string): Promise<number> {
  const page = await (await fetch(url)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(page)?.[1]);
}

const ownPage = ({ own }: Addresses) => `http://127.0.0.1:${own}/metrics`;
const reason = (name: string) => `meterbridge_points_not_taken\\{exporter="prometheus",reason="${name}"\\}`;

const cases: readonly (readonly [name: AttackName, reason: string | undefined, told: RegExp | undefined])[] = [
  ['resources', 'resource_limit', /resources and scopes: new ones are rejected .*--max-resources/],
  ['scopes', 'resource_limit', /resources and scopes: new ones are rejected .*--max-resources/],
  ['a million bounds', undefined, undefined],
  ['a thousand bounds a thousand times', 'memory_limit', /takes as much memory as it may: .*--max-memory/],
  ['long labels', 'resource_label_bytes', /the labels of .* have 33554432 bytes: new series are rejected/],
  // They stay below the limits.
  ['many series', undefined, undefined],
];

for (const [name, why, told] of cases) {
  test(`${name}: refused beyond a limit, told and counted, and the service goes on`, { skip, timeout: 300_000 }, async (t) => {
    const served = await start(t);
    assert.equal((await post(served, { body: honest(0) })).status, 200);
    const shots = attacks[name].shots();
    let refused = '';
    for (let round = 1; round <= 2; round++) {
      for (const shot of shots) refused += (await post(served, shot)).text;
      assert.equal((await post(served, { body: honest(round) })).status, 200);
      const page = await fetch(`http://${served.page}/metrics`);
      assert.equal(page.status, 200);
      assert.match(await page.text(), new RegExp(`^honest_level\\{.*\\} ${round}$`, 'm'));
    }
    const held = await sample(ownPage(served), 'meterbridge_memory_held_bytes');
    assert.ok(held <= 1.1 * 1_024 * mib, `${held} bytes are held`);
    t.diagnostic(
      `held ${Math.round(held / mib)} MiB, resident ${Math.round((residentOf(served.child.pid as number) ?? 0) / mib)} MiB`,
    );
    assert.match(refused, name === 'a million bounds' ? /--max-buckets/ : why === undefined ? /^$/ : /as many|as much/);
    if (why !== undefined) assert.ok((await sample(ownPage(served), reason(why))) > 0, served.child.stderr());
    if (told !== undefined) assert.match(served.child.stderr(), told);
  });
}

test('a resource with a scope and a metric takes 2 kB at most, beside its bytes and its series', {
  skip,
  timeout: 300_000,
}, async (t) => {
  const count = 100_000;
  const requests = 40;
  const one = {
    series: gauge(1, attribute(7, 'k', placeholder)),
    resources: resourceMetrics(
      message(1, attribute(1, 'service.name', 's'), attribute(1, 'service.instance.id', placeholder)),
      message(2, message(1, 'm'), message(5, gauge(1))),
    ),
  };
  const grown: Record<string, number> = {};
  for (const what of ['series', 'resources'] as const) {
    const served = await start(t);
    const body = (at: number, round: number) => {
      const parts = numbered(one[what], count / requests, at * (count / requests) + (round < 0 ? 50_000_000 : 0));
      return what === 'resources' ? parts : resourceMetrics(message(1), message(2, message(1, 'm'), message(5, parts)));
    };
    const resident = () => residentOf(served.child.pid as number) ?? 0;
    // What is new to the code, and room for requests under way, is there.
    for (let round = 0; round < 20; round++) await post(served, { body: body(0, -1) });
    const before = resident();
    for (let at = 0; at < requests; at++) assert.deepEqual((await post(served, { body: body(at, 0) })).status, 200);
    const held = await sample(ownPage(served), 'meterbridge_memory_held_bytes');
    grown[what] = resident() - before;
    t.diagnostic(`${what}: ${Math.round(grown[what] / count)} bytes each, ${Math.round(held / count)} held`);
    await served.child.stop();
  }
  const { series = 0, resources = 0 } = grown;
  assert.ok((resources - series) / count <= 2_048, `${resources} and ${series}`);
});
