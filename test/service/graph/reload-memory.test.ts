/** Nothing holds on to a component that a reload has replaced, however many follow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ExporterFactory } from '../../../src/service/component.ts';
import { components } from '../../../src/service/components.ts';
import { otlpHttpExporter } from '../../../src/service/exporters/otlp-http/index.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric } from '../exporters/otlp-http/rig.ts';
import { noOwnMetrics, startFrom } from './rig.ts';
import { source } from './source.ts';

const reloads = 30;

test('exporters that were replaced in an outage are freed', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const made: WeakRef<object>[] = [];
  const followed: ExporterFactory = {
    ...otlpHttpExporter,
    create(settings, context) {
      const exporter = otlpHttpExporter.create(settings, context);
      made.push(new WeakRef(exporter));
      return exporter;
    },
  };
  const { factory, send } = source();
  const known = [...components.filter((one) => one !== otlpHttpExporter), followed, factory];
  const retry = 'retry_on_failure: {initial_interval: 10m, max_elapsed_time: 0s}';
  const yaml = (at: number) =>
    `{receivers: {source: {}}, exporters: {otlp_http: {endpoint: "${receiver.origin}", timeout: ${at + 10}s, ${retry}}}, service: {${noOwnMetrics}, pipelines: {metrics: {receivers: [source], exporters: [otlp_http]}}}}`;
  const service = await startFrom(t, yaml(0), known);
  for (let at = 0; at < 20; at++) send(batch(metric('jobs', at + 2, 1, { temporality: 1 })));
  for (let at = 1; at <= reloads; at++) assert.equal((await service.changeTo(yaml(at))).outcome, 'done');
  // The one at work, and those whose requests are on their way.
  await until('freed, all but five', () => {
    collect();
    return made.filter((one) => one.deref() !== undefined).length <= 5;
  });
});
