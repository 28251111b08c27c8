import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { circles, type Finding, findings, importsOf, longFiles } from './findings.ts';
import { areas } from './imports.ts';

const root = join(import.meta.dirname, '../..');

function read(...folders: readonly string[]): ReadonlyMap<string, string> {
  const paths = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).sort();
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')]));
}

const lines = (found: readonly Finding[]) => found.map(({ id, at, message }) => `${id} ${at}: ${message}`);

test('imports follow the table, without circles, in files of at most 300 lines', () => {
  const sources = read('src', 'instrumentation', 'deploy', 'examples');
  assert.ok(sources.size > 0, 'no sources found: the test looks in the wrong place');
  assert.deepEqual(lines(findings(sources, areas)), []);
});

test('benches and tests have no circles and no file above 300 lines either', () => {
  const rest = read('bench', 'test');
  assert.deepEqual(lines([...circles(rest), ...longFiles(rest)]), []);
});

test('every row of the table is about a folder that exists', () => {
  const gone = Object.keys(areas).filter((area) => !existsSync(join(root, area.replace('/*', ''))));
  assert.deepEqual(gone, []);
});

test('what is published imports only what is published with it', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  const missing = [...read('src', 'instrumentation')].flatMap(([file, text]) =>
    importsOf(text)
      .filter(({ specifier }) => !/^(\.|node:)/.test(specifier))
      .filter(({ specifier }) => ![...declared].some((name) => specifier === name || specifier.startsWith(`${name}/`)))
      .map(({ specifier, line }) => `${file}:${line} ${specifier}`),
  );
  assert.deepEqual(missing, []);
});
