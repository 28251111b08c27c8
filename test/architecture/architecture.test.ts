import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { areaOf, circles, type Finding, findings, importsOf, longFiles } from './findings.ts';
import { areas } from './imports.ts';
import { wings } from './wings.ts';

const root = join(import.meta.dirname, '../..');

function read(...folders: readonly string[]): ReadonlyMap<string, string> {
  const paths = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).sort();
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')]));
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
type Conditions = Readonly<Record<string, string | Readonly<Record<string, string>>>>;
/** Specifier → the conditions of an export that is code. */
const exported = new Map<string, Conditions>(
  Object.entries<string | Conditions>(manifest.exports).flatMap(([path, to]) =>
    typeof to === 'string' ? [] : [[path.replace(/^\./, manifest.name), to] as const],
  ),
);
const own = new Map([...exported].map(([specifier, to]) => [specifier, defaultOf(to['meterbridge-source'])]));

function defaultOf(source: Conditions[string] | undefined): string {
  return ((typeof source === 'object' ? source.default : source) ?? '').replace(/^\.\//, '');
}

const lines = (found: readonly Finding[]) => found.map(({ id, at, message }) => `${id} ${at}: ${message}`);

test('imports follow the table, without circles, in files of at most 300 lines', () => {
  const sources = read('src', 'instrumentation', 'deploy', 'examples');
  assert.ok(sources.size > 0, 'no sources found: the test looks in the wrong place');
  assert.deepEqual(lines(findings(sources, areas, own)), []);
});

test('src is wings and entry points', () => {
  const folders = globSync('src/*/', { cwd: root }).map((folder) => folder.replaceAll('\\', '/').replace(/\/$/, ''));
  assert.deepEqual(folders.sort(), wings.map(({ folder }) => folder).sort());
});

test('a part imports parts of its wing and of those before it', () => {
  const wingAt = (area: string) => wings.findIndex(({ folder }) => area === folder || area.startsWith(`${folder}/`));
  const up = Object.entries(areas).flatMap(([area, { imports }]) => {
    const own = wingAt(area);
    if (own < 0) return [];
    const allowed = (other: string) => {
      const { folder = '' } = wings[wingAt(other)] ?? {};
      const only = wings[own]?.only?.[folder];
      return other === 'package.json' || (wingAt(other) >= 0 && wingAt(other) <= own && (only?.includes(other) ?? true));
    };
    return imports.filter((other) => !allowed(other)).map((other) => `${area} → ${other}`);
  });
  assert.deepEqual(up, []);
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
  const declared = new Set(
    Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies }),
  );
  const missing = [...read('src', 'instrumentation')].flatMap(([file, text]) =>
    importsOf(text)
      .filter(({ specifier }) => !/^(\.|node:)/.test(specifier) && !own.has(specifier))
      .filter(({ specifier }) => ![...declared].some((name) => specifier === name || specifier.startsWith(`${name}/`)))
      .map(({ specifier, line }) => `${file}:${line} ${specifier}`),
  );
  assert.deepEqual(missing, []);
});

test('a package that may be missing is imported for its types alone', () => {
  const statement = /^(?:import|export) (?!type )(?:[^;']*?from )?'([^.'][^']*)'/gm;
  const loaded = [...read('src', 'instrumentation')].flatMap(([file, text]) =>
    [...text.matchAll(statement)].map(([, specifier = '']) => ({ file, specifier })),
  );
  assert.ok(loaded.some(({ specifier }) => specifier === 'yaml'));
  assert.deepEqual(
    loaded.filter(({ specifier }) => Object.hasOwn(manifest.optionalDependencies, specifier)),
    [],
  );
});

test('a door re-exports, or acts by being imported', () => {
  const acting = ['src/register.ts', 'src/register-awaited.ts', 'src/thread.ts'];
  const said = /^\/\*\*[\s\S]*?\*\/\n|^import '[^']*';\n|^export (?:type )?(?:\*|\{[^}]*\}) from '[^']+';\n|^\n/gm;
  const doors = [...read('src')].filter(([file]) => areaOf(file, areas) === 'src' && !acting.includes(file));
  const more = doors.filter(([, text]) => text.replaceAll(said, '') !== '').map(([file]) => file);
  assert.ok(doors.length > 0);
  assert.deepEqual(more, []);
});

test('an export names one source: as it is written, as its types, and built', () => {
  for (const [specifier, to] of exported) {
    const source = own.get(specifier) ?? '';
    assert.ok(existsSync(join(root, source)), `${specifier}: ${source} is missing`);
    const name = source.replace(/\.ts$/, '');
    const built = `./dist/${name}`;
    // Of what acts by being loaded, `import` may wait, and has a form of its own.
    const waits = 'import' in to;
    assert.ok(!waits || specifier === 'meterbridge/register', specifier);
    assert.deepEqual(Object.entries(to), [
      ['meterbridge-source', waits ? { import: `./${name}-awaited.ts`, default: `./${source}` } : `./${source}`],
      ['types', `${built}.d.ts`],
      ...(waits ? [['import', `${built}-awaited.js`]] : []),
      ['default', `${built}.js`],
    ]);
  }
});
