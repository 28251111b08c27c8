/**
 * Example hosts without a database are killed with SIGKILL and started again, while a real Prometheus scrapes them: their totals
 * start again, and
 * `increase()` over it is what was really done. A Collector is told that they have.
 */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { folderWith, startExample } from '../examples/example.ts';
import { until } from '../until.ts';
import { startCollector } from './collector.ts';
import { instantOf } from './debug-text.ts';
import { assertIncrease, assertStartsAgain, shows } from './increase.ts';
import { requirePeer } from './peers.ts';
import { isDown, lines, onePort, post, wasmrunClient, watch } from './restart.ts';

suite('killed and started again: totals in memory', { concurrency: true }, () => {
  test('wasmrun: everything starts again, sessions included', async (t: TestContext) => {
    const binary = requirePeer(t, 'prometheus');
    if (binary === undefined) return;
    const { folder } = folderWith(t, 'nothing', '');
    const args = ['wasmrun', '--port', await onePort()];
    const first = startExample(t, args, { TMPDIR: folder });
    const { main, metrics } = await first.ready();
    const prometheus = await watch(t, binary, metrics);
    const { session, exec } = wasmrunClient(main);
    const before = await session();
    const took = [await exec(before, 'hello.wat'), await exec(before, 'hello.wat'), await exec(before, 'nothing.wat')];
    took.push(await exec(before, 'hello.wat'), await exec(before, 'spin.wat', 0.2), await exec(await session(), 'hello.wat'));
    const of = (result: string) => `wasmrun_agent_exec_total{result="${result}"}`;
    await shows(prometheus, 'wasmrun_agent_exec_duration_ms_count', 6);
    const cutOff = exec(before, 'spin.wat').catch(() => undefined);
    await shows(prometheus, 'wasmrun_agent_exec_in_flight', 1);
    await first.kill();
    await cutOff;
    await isDown(prometheus);

    const second = startExample(t, args, { TMPDIR: folder });
    await second.ready();
    for (const series of ['sessions_total', 'sessions_disk_bytes', 'exec_in_flight', 'exec_duration_ms_count']) {
      await shows(prometheus, `wasmrun_agent_${series}`, 0);
    }
    assert.equal((await post(`${main}/api/v1/sessions/${before}/exec`, { wasm_path: 'hello.wat' })).status, 404);
    const after = await session();
    took.push(await exec(after, 'hello.wat'), await exec(after, 'hello.wat'));
    await shows(prometheus, of('success'), 2);
    const ms = took.reduce((sum, one) => sum + one, 0);
    const expected: [series: string, risen: number][] = [
      [of('success'), 6],
      [of('error'), 1],
      [of('timeout'), 1],
      ['wasmrun_agent_exec_duration_ms_count', 8],
      ['wasmrun_agent_exec_duration_ms_sum', ms],
      ['wasmrun_agent_sessions_created_total', 3],
    ];
    for (const [series, risen] of expected) {
      await assertIncrease(prometheus, series, risen);
      await assertStartsAgain(prometheus, series);
    }
    assert.equal(await second.stop(), 0);
  });

  test('solti: everything starts again, and an attempt that was cut off is none that was completed', async (t: TestContext) => {
    const binary = requirePeer(t, 'prometheus');
    if (binary === undefined) return;
    // Each attempt leaves a line; while there is a file `stop`, the next one hangs.
    const script = 'test -e stop && { echo $$ > hangs; exec sleep 3600; }; echo done >> done';
    const toml = `[tasks.often]\nrunner = "subprocess"\ncommand = ["sh", "-c", "${script}"]\nevery = "300ms"\n`;
    const { folder, file } = folderWith(t, 'solti.toml', toml);
    const done = () => lines(join(folder, 'done')).length;
    const args = ['solti', '--config', file, '--port', await onePort()];
    const completed = 'solti_runner_tasks_completed_total{outcome="success",runner="subprocess"}';
    /** Resolves with the process that hangs. */
    async function halt(): Promise<number> {
      writeFileSync(join(folder, 'stop'), '');
      await until('it hangs', () => lines(join(folder, 'hangs')).length > 0);
      return Number(lines(join(folder, 'hangs'))[0]);
    }

    const first = startExample(t, args);
    const { metrics } = await first.ready();
    const prometheus = await watch(t, binary, metrics);
    await until('a number that a second life does not reach before its first scrape', () => done() >= 12);
    const hangs = await halt();
    const before = done();
    await shows(prometheus, completed, before);
    await first.kill();
    process.kill(hangs, 'SIGKILL');
    for (const name of ['stop', 'hangs']) rmSync(join(folder, name));
    await isDown(prometheus);

    const second = startExample(t, args);
    await second.ready();
    await until('it works again', () => done() > before);
    await halt();
    await shows(prometheus, completed, done() - before);
    const [start] = await prometheus.samples(completed);
    await assertIncrease(prometheus, completed, done() - (start?.[1] ?? 0));
    await assertStartsAgain(prometheus, completed);
    await shows(prometheus, 'solti_runner_tasks_started_total{runner="subprocess"}', done() - before + 1);
    await shows(prometheus, 'solti_sv_tasks_in_flight', 1);
    assert.equal(await second.stop(), 0);
  });

  test('OTLP: a second life begins where the first one ended, and not before', async (t: TestContext) => {
    const binary = requirePeer(t, 'collector');
    if (binary === undefined) return;
    const collector = await startCollector(t, binary);
    t.after(collector.stop);
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_METRIC_EXPORT_TIMEOUT: '500',
    };
    async function live(executions: number) {
      const agent = startExample(t, ['wasmrun', '--port', '0'], env);
      const { session, exec } = wasmrunClient((await agent.ready()).main);
      const pushed = () =>
        collector
          .batches()
          .at(-1)
          ?.metrics.find(({ name }) => name === 'wasmrun.agent.exec')
          ?.points.find(({ attributes }) => attributes.result === 'success');
      const id = await session();
      for (let at = 0; at < executions; at++) await exec(id, 'hello.wat');
      await until('pushed', () => Number(pushed()?.numbers.Value) === executions);
      await agent.kill();
      const [start, time] = [pushed()?.start, pushed()?.time].map((text) => instantOf(`${text}`));
      return { start: start as number, time: time as number };
    }
    const [first, second] = [await live(2), await live(1)];
    assert.ok(
      first.start < first.time && first.time < second.start && second.start < second.time,
      JSON.stringify([first, second]),
    );
  });
});
