/** The recipe of docs/operating.md, in both programs. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { blocks, pageText } from '../readme/pages.ts';
import { until } from '../until.ts';
import { askBoth, type Side, startTwin } from './twin/twin.ts';

const [recipe = ''] = blocks(pageText('docs/operating.md'), 'yaml');
const attributes = ['service.name', 'service.instance.id', 'host.name', 'process.pid', 'os.type', 'telemetry.sdk.name'].map(
  (key) => ({
    key,
    value: { stringValue: `the ${key}` },
  }),
);
const dataPoints = [{ startTimeUnixNano: '1', timeUnixNano: `${Date.now()}000000`, asInt: '7' }];
const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints };
const body = JSON.stringify({
  resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics: [{ name: 'jobs.done', sum }] }] }],
});

/** The labels of the one series, without its scope's. */
async function labels({ http, page }: Side): Promise<readonly string[]> {
  const headers = { 'content-type': 'application/json' };
  assert.equal((await fetch(`http://${http}/v1/metrics`, { method: 'POST', headers, body })).status, 200);
  let found: string | undefined;
  await until('the series is shown', async () => {
    found = /^jobs_done_total\{(.*)\} 7$/m.exec(await page('plain', 'text'))?.[1];
    return found !== undefined;
  });
  return [...(found ?? '').matchAll(/(\w+)="([^"]*)"/g)]
    .filter(([, name]) => !name?.startsWith('otel_scope'))
    .map(([pair]) => pair);
}

test('the attributes that the processor leaves are labels, in the Collector and in serve', async (t: TestContext) => {
  const twin = await startTwin(t, [`yaml:${recipe.replace('prometheus:', 'prometheus/plain:')}`]);
  if (twin === undefined) return;
  const shown = ['host_name="the host.name"', 'instance="the service.instance.id"', 'job="the service.name"'];
  assert.deepEqual(await askBoth(twin, labels), { collector: shown, service: shown });
});
