/**
 * Types that OTLP has only in metadata, and exemplars' labels, from a real endpoint through a Collector's receiver `prometheus`
 * to the service: a strict parser reads what was scraped.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { until } from '../until.ts';
import { startChild } from './child.ts';
import { openMetrics, scrape } from './equality.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { startService } from './service.ts';
import { type ForeignSample, parseWithPython } from './strict-openmetrics.ts';

const families = `# TYPE build info
build_info{version="1",edition="a"} 1
# TYPE door stateset
door{door="open",zone="a"} 1
door{door="shut",zone="a"} 0
door{door="open",zone="b"} 0
door{door="shut",zone="b"} 1
# TYPE odd unknown
odd 3
# TYPE seen counter
seen_total 17 # {trace_id="0af7651916cd43dd8448eb211c80319c",span_id="b7ad6b7169203331",user="bob",where="a b"} 1 1795377313.0
# TYPE level gauge
level 4
# EOF
`;

async function startTarget(atEnd: (end: () => Promise<void>) => void): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    response.end(families);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

test('infos, statesets, unknown ones and exemplars are what they were', async (t: TestContext) => {
  const [binary, python] = [requirePeer(t, 'collector'), requirePeer(t, 'parser')];
  if (binary === undefined || python === undefined) return;
  const atEnd = inReverse(t);
  const settings = { endpoint: '127.0.0.1:0', enable_open_metrics: true, without_scope_info: true };
  const service = await startService(t, { prometheus: settings });
  atEnd(service.stop);
  const targets = [await startTarget(atEnd)];
  const job = { job_name: 'one', scrape_interval: '1s', scrape_timeout: '1s', static_configs: [{ targets }] };
  const file = {
    receivers: { prometheus: { config: { scrape_configs: [job] } } },
    exporters: { otlphttp: { endpoint: service.endpoint } },
    service: {
      pipelines: { metrics: { receivers: ['prometheus'], exporters: ['otlphttp'] } },
      telemetry: { metrics: { level: 'none' } },
    },
  };
  const child = startChild(t, binary, ['--config', `yaml:${JSON.stringify(file)}`]);
  atEnd(child.stop);
  await until('scraped', async () => (await scrape(service.page, openMetrics)).includes('level{'));
  const shown = samplesOf(python, await scrape(service.page, openMetrics));
  assert.deepEqual(shown, samplesOf(python, families));
});

/** Of the target, without the labels for itself. */
function samplesOf(python: string, page: string): readonly string[] {
  const samples = parseWithPython(python, page, 'openmetrics').filter(({ name }) => /^(build|door|odd|seen|level)/.test(name));
  return samples.map(textOf).sort();
}

function textOf({ name, labels: { job: _job, instance: _instance, ...labels }, value, type, exemplar }: ForeignSample): string {
  const behind = exemplar === null ? '' : ` ${sorted(exemplar.labels)} ${exemplar.value} ${exemplar.timestamp}`;
  return `${type} ${name} ${sorted(labels)} ${value}${behind}`;
}

function sorted(labels: ForeignSample['labels']): string {
  return JSON.stringify(Object.entries(labels).sort());
}
