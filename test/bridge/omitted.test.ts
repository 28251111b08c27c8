import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, meterbridge } from '../../src/index.ts';
import { until } from '../until.ts';

const declared = contract('demo', { runs: counter({ help: 'Runs.' }) });

for (const thread of [false, true]) {
  test(`a family that is left out for its name is told once, and pushed (${thread ? 'from a thread' : 'in this thread'})`, async (t) => {
    const lines: string[] = [];
    const log = (line: string) => {
      // A machine may have something to say of its loopback.
      if (!line.startsWith('listen:')) lines.push(line);
    };
    const bridge = meterbridge(declared, { isolated: true, push: false, env: {}, log });
    t.after(bridge.close);
    bridge.metrics.runs.add(1);
    bridge.meterProvider.getMeter('library').createCounter('demo.runs').add(2);
    const { url } = await bridge.listen('127.0.0.1:0', { thread });
    for (let n = 0; n < 2; n++) {
      const text = await (await fetch(url)).text();
      assert.match(text, /^demo_runs_total 1$/m);
      assert.doesNotMatch(text, /demo_runs_total 2/);
    }
    await until('told', () => lines.length > 0);
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', /^demo_runs_total: a scrape leaves it out, because another instrument comes out under this name/);
    const { resourceMetrics } = await bridge.producer.collect();
    assert.deepEqual(
      resourceMetrics.scopeMetrics.map(({ scope, metrics }) => [scope.name, metrics[0]?.dataPoints[0]?.value]),
      [
        ['demo', 1],
        ['library', 2],
      ],
    );
  });
}
