import assert from 'node:assert/strict';
import { test } from 'node:test';
import { components } from '../../../../src/service/components.ts';
import { readConfig } from '../../../../src/service/config/index.ts';

/** The settings of `debug: {…}`, or what is wrong with them. */
function read(keys: string): unknown {
  const file = `receivers: {otlp: {protocols: {http: }}}
exporters: {debug: {${keys}}}
service: {pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}}`;
  const result = readConfig({ config: [`yaml:${file}`] }, components);
  if (!result.ok) return result.problems.map(({ at, got, rule, fix }) => [at.replace(/^\S+ /, ''), got, rule, fix].join('; '));
  return result.config.exporters.get('debug')?.settings;
}

const byDefault = {
  verbosity: 'basic',
  sampling_initial: 2,
  sampling_thereafter: 1,
  use_internal_logger: true,
  output_paths: ['stdout'],
};

for (const [keys, settings] of [
  ['', {}],
  ['verbosity: Detailed', { verbosity: 'detailed' }],
  ['use_internal_logger: false', { use_internal_logger: false }],
  [
    'use_internal_logger: false, output_paths: [stderr, a/b.txt, "C:\\\\x"]',
    { use_internal_logger: false, output_paths: ['stderr', 'a/b.txt', 'C:\\x'] },
  ],
  ['sampling_initial: 10, sampling_thereafter: 0', { sampling_initial: 10, sampling_thereafter: 0 }],
] as const) {
  test(`taken: ${keys}`, () => assert.deepEqual(read(keys), { ...byDefault, ...settings }));
}

for (const [keys, at, rule] of [
  ['verbosity: none', 'exporters.debug.verbosity', 'the exporter debug has no such level'],
  ['verbosity: loud', 'exporters.debug.verbosity', 'it is one of the known values'],
  ['output_paths: [stdout]', 'exporters.debug.output_paths', 'it goes with use_internal_logger: false'],
  ['use_internal_logger: false, output_paths: []', 'exporters.debug.output_paths', 'it names one output at least'],
  [
    'use_internal_logger: false, output_paths: ["https://x/y"]',
    'exporters.debug.output_paths',
    'it is stdout, stderr or the path of a file',
  ],
  ['sampling_initial: -1', 'exporters.debug.sampling_initial', 'it is a whole number of at least 0'],
  ['sending_queue: {enabled: true}', 'exporters.debug.sending_queue', 'the Collector has this key, meterbridge serve has not'],
] as const) {
  test(`refused: ${keys}`, () => {
    const problems = read(keys);
    assert.ok(Array.isArray(problems), JSON.stringify(problems));
    assert.equal(problems.length, 1);
    assert.ok(problems[0].includes(at) && problems[0].includes(rule), problems[0]);
  });
}
