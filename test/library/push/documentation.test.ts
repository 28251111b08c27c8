import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { otlpNames } from '../../../src/library/push/settings/environment.ts';
import { knownOptions } from '../../../src/library/push/settings/settings.ts';

const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/pushing.md', root), 'utf8');
const sources = globSync('src/library/push/**/*.ts', { cwd: root.pathname }).map((file) =>
  readFileSync(new URL(file, root), 'utf8'),
);
const whole = sources.flatMap((source) => [...source.matchAll(/'(OTEL_[A-Z_]+[A-Z])'/g)].map(([, name = '']) => name));
const paired = ['ENDPOINT', 'HEADERS', 'TIMEOUT', 'COMPRESSION', 'PROTOCOL', 'CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY'];

test('docs/pushing.md names every variable that is read, and no other', () => {
  const read = new Set([...whole, ...paired.flatMap(otlpNames)]);
  const documented = new Set(
    [...page.matchAll(/^\| (`OTEL_[^|]+)\|/gm)].flatMap(([row]) => row.match(/OTEL_[A-Z_]+/g)?.slice(0, 2) ?? []),
  );
  for (const name of read) assert.ok(documented.has(name), `${name} is read and not documented`);
  for (const name of documented) assert.ok(read.has(name), `${name} is documented and not read`);
});

test('docs/pushing.md names every option', () => {
  for (const name of knownOptions) assert.match(page, new RegExp(`^\\| \`${name}\` \\|`, 'm'));
});
