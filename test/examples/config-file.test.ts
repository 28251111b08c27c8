/** The file of a host's configuration: read in linear time, up to a size, and each key once. */
import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { readConfigFile } from '../../examples/config-file.ts';
import { readSettings } from '../../examples/settings.ts';
import { assertLinear } from '../linear.ts';
import { folderWith } from './example.ts';

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

for (const [what, language, size, text] of [
  ['keys', 'YAML', 4_000, (count) => `{${lines(count, (index) => `k${index}: ,`)}}`],
  ['hosts', 'YAML', 2_000, (count) => `hosts:\n${lines(count, (index) => `  - { name: h${index}, folder: f }`)}`],
  ['tasks', 'TOML', 2_000, (count) => lines(count, (index) => `[tasks.t${index}]\nrun = "true"`)],
  ['keys', 'TOML', 2_000, (count) => lines(count, (index) => `k${index} = 1`)],
] as const satisfies [string, 'TOML' | 'YAML', number, (count: number) => string][]) {
  test(`${what} in ${language}`, (t) => {
    assertLinear((count) => {
      const { file } = folderWith(t, 'host', text(count));
      return () => readConfigFile(language, file, 'see the example');
    }, size);
  });
}

test('unknown keys', () => {
  assertLinear((count) => {
    const table = Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
    return () => readSettings({}, { table }, []);
  }, 4_000);
});

test('a key twice is refused, in YAML too', (t) => {
  const { file } = folderWith(t, 'host.yaml', 'port: 1\nhosts:\n  - name: a\n    name: b\n');
  const problems = [{ at: `${file}:4:5`, got: 'Map keys must be unique', rule: 'the file is YAML', fix: 'see the example' }];
  assert.throws(() => readConfigFile('YAML', file, 'see the example'), { code: 'HOST_CONFIG_INVALID', problems });
});

test('a file beyond 1 MiB is refused', (t) => {
  const { file } = folderWith(t, 'host.toml', '');
  writeFileSync(file, `#${' '.repeat(1_048_575)}`);
  assert.deepEqual(Object.keys(readConfigFile('TOML', file, 'see the example')), []);
  truncateSync(file, 1_048_577);
  assert.throws(() => readConfigFile('TOML', file, 'see the example'), /it has more than 1048576 bytes; the file can be read/);
});
