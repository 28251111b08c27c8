/** A service under load that reloads again and again: every point that it has accepted reaches an exporter, once. */
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../../examples/demo/free-port.ts';
import { optional, section, text } from '../../../src/core/config/schema/index.ts';
import { numberNode } from '../../../src/formats/otlp/batch/batch-tree.ts';
import { metricsOf, pointsOf, resourcesOf, scopesOf } from '../../../src/formats/otlp/batch/walk.ts';
import type { ExporterFactory } from '../../../src/service/component.ts';
import { components } from '../../../src/service/components.ts';
import { noOwnMetrics, type Rig, startFrom } from './rig.ts';

const senders = 4;
const points = 10;

/** Gathers the values of all points. Counts those that come behind its end, which would be lost. */
function sink(values: number[]) {
  let afterEnd = 0;
  const factory: ExporterFactory<{ readonly tag: string | undefined }> = {
    kind: 'exporter',
    type: 'sink',
    schema: section({ tag: optional(text()) }),
    create() {
      let ended = false;
      return {
        // Long enough for batches to come meanwhile.
        start: () => setTimeout(3),
        async shutdown() {
          ended = true;
          await setTimeout(3);
        },
        consume(batch) {
          if (ended) afterEnd++;
          for (const r of resourcesOf(batch))
            for (const s of scopesOf(batch, r))
              for (const m of metricsOf(batch, s))
                for (const p of pointsOf(batch, m)) values.push(Number(numberNode(batch, p).asInt));
          return undefined;
        },
      };
    },
  };
  return { factory, afterEnd: () => afterEnd };
}

/** What changes from one to the next: the exporter; the receiver's settings, at its port; another receiver; a processor. */
function configuration(turn: number, port: number): string {
  const http = `{endpoint: "localhost:${port}"${turn % 4 === 3 ? ', idle_timeout: 50s' : ''}}`;
  const through = turn % 2 === 0 ? '' : 'processors: [batch], ';
  const second = turn % 3 === 0 ? ', otlp/2: {protocols: {http: {endpoint: "localhost:0"}}}' : '';
  const receivers = turn % 3 === 0 ? '[otlp, otlp/2]' : '[otlp]';
  return `{receivers: {otlp: {protocols: {http: ${http}}}${second}}, processors: {batch: }, exporters: {sink: {tag: "${turn % 5}"}},
    service: {${noOwnMetrics}, pipelines: {metrics: {receivers: ${receivers}, ${through}exporters: [sink]}}}}`;
}

export async function reloadAtFullSpeed(t: TestContext, reloads: number): Promise<void> {
  const taken: number[] = [];
  const { factory, afterEnd } = sink(taken);
  const port = await freePort();
  const service: Rig = await startFrom(t, configuration(0, port), [...components, factory]);
  const agent = new Agent({ keepAlive: true });
  const accepted: number[] = [];
  let unanswered = 0;
  let next = 0;
  let running = true;
  async function sending(): Promise<void> {
    while (running) {
      const values = Array.from({ length: points }, () => next++);
      let answer: number | undefined;
      // As an SDK does: again where nobody listens and where the service asks for it.
      for (let tries = 0; answer === undefined && tries < 2_000; tries++) {
        const status = await post(port, agent, values);
        if (status === 200) accepted.push(...values);
        if (status === 200 || status === 'broken') answer = 0;
        if (status === 'broken') unanswered += values.length;
        if (status !== 200) await setTimeout(1);
      }
    }
  }
  const sent = Array.from({ length: senders }, sending);
  const outcomes = new Set<string>();
  for (let turn = 1; turn <= reloads; turn++) {
    outcomes.add((await service.changeTo(configuration(turn, port))).outcome);
    await setTimeout(20);
  }
  running = false;
  await Promise.all(sent);
  agent.destroy();
  await service.shutdown();
  assert.deepEqual([...outcomes], ['done'], service.log());
  assert.equal(afterEnd(), 0, 'a batch came to an exporter that had ended');
  assert.ok(accepted.length > reloads * points, `only ${accepted.length} points were accepted`);
  const got = new Set(taken);
  assert.equal(got.size, taken.length, 'a point came twice');
  assert.deepEqual(
    accepted.filter((value) => !got.has(value)),
    [],
  );
  assert.equal(got.size, accepted.length, 'a point was taken, and its sender has no answer');
  t.diagnostic(`${reloads} reloads, ${accepted.length} points accepted, ${unanswered} neither taken nor answered`);
}

function post(port: number, agent: Agent, values: readonly number[]): Promise<number | 'refused' | 'broken'> {
  const dataPoints = values.map((value) => ({ asInt: String(value), timeUnixNano: '1' }));
  const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'n', gauge: { dataPoints } }] }] }] });
  return new Promise((resolve) => {
    const sent = request({
      port,
      host: '127.0.0.1',
      path: '/v1/metrics',
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json' },
    });
    sent.on('response', (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', () => resolve('broken'));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'broken'));
    sent.end(body);
  });
}
