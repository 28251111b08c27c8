/**
 * Whatever the texts of a request hold, the service takes it, shows it and writes it in time that grows with their length alone.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonToProtobuf } from '../../src/formats/otlp/json/to-protobuf.ts';
import { defaultLimits } from '../../src/service/limits.ts';
import { assertLinearIn } from '../linear.ts';
import { noOwnMetrics, startFrom } from '../service/graph/rig.ts';
import { textFields } from './request.ts';
import { runs } from './runs.ts';

const yaml = `
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:0'}}}}
processors:
  attributes: {actions: [{key: k, action: upsert, value: v}, {key: e, from_attribute: k, action: insert}]}
  resource: {attributes: [{key: service.version, from_attribute: service.name, action: upsert}]}
exporters:
  prometheus: {endpoint: '127.0.0.1:0', enable_open_metrics: true, resource_to_telemetry_conversion: {enabled: true}}
  prometheus/utf8: {endpoint: '127.0.0.1:0', translation_strategy: NoTranslation}
  debug: {verbosity: detailed}
extensions: {zpages: {endpoint: '127.0.0.1:0'}}
service:
  ${noOwnMetrics}
  extensions: [zpages]
  pipelines:
    metrics: {receivers: [otlp], exporters: [prometheus, prometheus/utf8, debug]}
    metrics/changed: {receivers: [otlp], processors: [attributes, resource], exporters: [debug]}
`;

const accepts = [
  'text/plain',
  'application/openmetrics-text;version=1.0.0',
  'text/plain;version=1.0.0;escaping=allow-utf-8',
  'application/openmetrics-text;version=1.0.0;escaping=values',
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
  'application/json',
];

const whole = async (answer: Promise<Response>) => ({ status: (await answer).status, text: await (await answer).text() });

for (const { name, of } of runs)
  test(`a request whose texts are runs of ${name}`, (t) =>
    assertLinearIn(async (length) => {
      const { urls, shutdown } = await startFrom(t, yaml, undefined, { limits: defaultLimits });
      const json = Buffer.from(JSON.stringify(textFields(of(length))));
      const protobuf = jsonToProtobuf(json);
      return async () => {
        const places = urls();
        const receiver = places.find((url) => url.includes('/v1/metrics')) ?? assert.fail(places.join());
        for (const [type, body] of [
          ['json', json],
          ['x-protobuf', protobuf],
        ] as const) {
          const { status, text } = await whole(
            fetch(receiver, { method: 'POST', headers: { 'content-type': `application/${type}` }, body }),
          );
          assert.equal(status, 200, text);
        }
        for (const url of places.filter((one) => one !== receiver))
          for (const accept of url.includes('/metrics') ? accepts : ['text/html'])
            assert.equal((await whole(fetch(url, { headers: { accept } }))).status, 200);
        await shutdown();
      };
    }));
