import assert from 'node:assert/strict';
import { test } from 'node:test';
import { components } from '../../../../src/service/components.ts';
import { readConfig } from '../../../../src/service/config/index.ts';

/** The settings of `file: {…}`, or what is wrong with them. */
function read(keys: string): unknown {
  const file = `receivers: {otlp: {protocols: {http: }}}
exporters: {file: {${keys}}}
service: {pipelines: {metrics: {receivers: [otlp], exporters: [file]}}}`;
  const result = readConfig({ config: [`yaml:${file}`] }, components);
  if (!result.ok) return result.problems.map(({ at, got, rule, fix }) => [at.replace(/^\S+ /, ''), got, rule, fix].join('; '));
  return result.config.exporters.get('file')?.settings;
}

const byDefault = {
  path: 'x',
  append: false,
  format: 'json',
  compression: '',
  flush_interval: 1_000,
  rotation: undefined,
  create_directory: false,
  directory_permissions: '',
};
const rotation = { max_megabytes: 100, max_days: 0, max_backups: 100, localtime: false };

for (const [keys, settings] of [
  ['', {}],
  [
    'append: true, format: proto, compression: zstd, flush_interval: 5s',
    { append: true, format: 'proto', compression: 'zstd', flush_interval: 5_000 },
  ],
  ['rotation: ', { rotation }],
  ['rotation: {}', { rotation }],
  [
    'rotation: {max_megabytes: 1, max_days: 2, max_backups: 3, localtime: true}',
    { rotation: { max_megabytes: 1, max_days: 2, max_backups: 3, localtime: true } },
  ],
  ['create_directory: true, directory_permissions: "0700"', { create_directory: true, directory_permissions: '0700' }],
  ['compression_params: {level: 1}', {}],
] as const) {
  test(`taken: ${keys}`, () =>
    assert.deepEqual(read(keys === '' ? 'path: x' : `path: x, ${keys}`), { ...byDefault, ...settings }));
}

for (const [keys, at, rule] of [
  ['', 'exporters.file.path', 'it is required'],
  ['path: ""', 'exporters.file.path', 'it is the path of a file'],
  ['path: x, append: true, rotation: {}', 'exporters.file.append', 'it does not go with rotation'],
  ['path: x, format: text', 'exporters.file.format', 'it is one of the known values'],
  ['path: x, compression: gzip', 'exporters.file.compression', 'it is one of the known values'],
  ['path: x, directory_permissions: "0700"', 'exporters.file.directory_permissions', 'it goes with create_directory: true'],
  [
    'path: x, create_directory: true, directory_permissions: "0800"',
    'exporters.file.directory_permissions',
    'it is an octal number up to 0777',
  ],
  [
    'path: x, create_directory: true, directory_permissions: "1777"',
    'exporters.file.directory_permissions',
    'it is an octal number up to 0777',
  ],
  ['path: x, create_directory: true, directory_permissions: 0755', 'exporters.file.directory_permissions', 'it is a string'],
  ['path: x, group_by: {enabled: true}', 'exporters.file.group_by', 'the Collector has this key, meterbridge serve has not'],
  ['path: x, encoding: text_encoding', 'exporters.file.encoding', 'the Collector has this key, meterbridge serve has not'],
  ['path: x, sending_queue: {}', 'exporters.file.sending_queue', 'there is no such key'],
] as const) {
  test(`refused: ${keys}`, () => assert.match(String(read(keys)), new RegExp(`${at}; .*${rule}`)));
}
