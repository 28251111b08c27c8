/** The package as a user gets it: packed, installed into an empty project, loaded. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { apiReference } from '../../build/api-reference.ts';
import { apiReport } from '../../build/api-report.ts';
import { reachable } from '../../build/reachable.ts';
import { pageText, relativeLinks } from '../readme/pages.ts';
import { copiesIn, megabytesOf } from './installed.ts';
import { type Beside, besideFastify, manifest, packed, root } from './packed.ts';

const maxDirectDependencies = 15;
const maxMegabytes = 40;
/** The tarball, in kilobytes of 1,000 bytes: two thirds are code that is not minified. */
const maxPackedKilobytes = 1_120;
/** Node.js prints the line of an error that nobody catches. */
const longestLine = 2_000;

const it = await packed();
const host = await besideFastify();

const evaluate = async (code: string, { run } = it as Beside) =>
  JSON.parse(await run('node', '--input-type=module', '--eval', code));
/** Without `./thread`, which threads run and no program imports. */
const code = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json') && path !== './thread');
const specifierOf = (path: string) => path.replace(/^\./, 'meterbridge');

test('the tarball has what is published, and no tests or sources', () => {
  const published =
    /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|otel-collector\.yaml|src\/(core\/contract\/contract|tools\/check\/report\/report|tools\/check\/diff\/(report\/diff-report|hints))\.schema\.json|docs\/.+|examples\/\w[\w-]*\/README\.md|deploy\/(?!source\/).+)$/;
  const compiled = /^dist\/(src|instrumentation)\/.+(\.js|\.d\.ts)$/;
  assert.deepEqual(
    it.files.filter((path) => !published.test(path) && !compiled.test(path)),
    [],
  );
  const needed = [
    'LICENSE',
    'README.md',
    'otel-collector.yaml',
    'deploy/prometheus/runwisp.rules.yaml',
    'dist/src/index.js',
    'dist/src/index.d.ts',
  ];
  for (const path of needed) assert.ok(it.files.includes(path), `${path} is missing`);
});

test('what README links is in the tarball', () => {
  const links = relativeLinks(pageText('README.md')).map((link) => link.replace(/#.*$/, ''));
  assert.ok(links.includes('docs/serve.md'));
  assert.deepEqual(
    links.filter((link) => link !== '' && !it.files.includes(link)),
    [],
  );
});

test("an error's stack begins at the caller's line, also of what is async, and at code that can be read", async () => {
  const frames: readonly string[] = await evaluate(`
    import { contract, counter, meterbridge, nodeListener } from 'meterbridge';
    const bridge = meterbridge(contract('app', { runs: counter({ help: 'Runs.' }) }), { isolated: true, strict: true, log() {} });
    const calls = [
      () => nodeListener(bridge),
      () => contract('app', { runs: counter({ help: '' }) }),
      () => bridge.listen('0.0.0.0:0'),
      () => bridge.listen('127.0.0.1:0', { thread: true, webConfig: '/nowhere' }),
      () => bridge.metrics.runs.add(-1),
    ];
    const frames = [];
    for (const call of calls) {
      try { await call(); frames.push('nothing thrown'); } catch (error) { frames.push(/^ {4}at .*$/m.exec(error.stack)[0]); }
    }
    console.log(JSON.stringify(frames));`);
  assert.equal(frames.length, 5);
  for (const frame of frames) assert.match(frame, /\[eval1\]|eval1/);
  const linesOf = (path: string) => readFileSync(join(it.project, 'node_modules/meterbridge', path), 'utf8').split('\n');
  const longest = it.files
    .filter((path) => /^dist\/.*\.js$/.test(path))
    .map(
      (path) => [path, Math.max(...linesOf(path).map((line) => (/^(?:import|export) /.test(line) ? 0 : line.length)))] as const,
    );
  assert.deepEqual(
    longest.filter(([, length]) => length > longestLine),
    [],
  );
});

test('no check that only throws is lost in the published code', async () => {
  const found = await evaluate(`
    import { contract, meterbridge } from 'meterbridge';
    import { decodable } from 'meterbridge/host';
    let code;
    try { meterbridge(contract('app', {}), { isolated: true, push: { endpoint: 'http://user:100%@127.0.0.1' } }); } catch (error) { code = error.code; }
    console.log(JSON.stringify([decodable('/metrics%zz'), code]));`);
  assert.deepEqual(found, ['/metrics%25zz', 'PUSH_CONFIG_INVALID']);
});

for (const path of code) {
  test(`import and require give the same: ${specifierOf(path)}`, async () => {
    const names = await evaluate(`
      import { createRequire } from 'node:module';
      const required = createRequire(process.cwd() + '/x.js')('${specifierOf(path)}');
      const imported = await import('${specifierOf(path)}');
      const same = Object.keys(imported).every((name) => required[name] === imported[name]);
      console.log(JSON.stringify({ same, names: Object.keys(imported) }));`);
    // What acts by being loaded exports nothing.
    assert.equal(names.names.length > 0, path !== './register');
    assert.ok(names.same);
  });
}

test('a CommonJS program loads it through require()', async () => {
  const type = await it.run(
    'node',
    '--input-type=commonjs',
    '--eval',
    `process.stdout.write(typeof require('meterbridge').meterbridge)`,
  );
  assert.equal(type, 'function');
});

for (const how of ['--import', '--require']) {
  test(`node ${how} meterbridge/register pushes what a program does that knows nothing of it`, async (t) => {
    const bodies: string[] = [];
    const receiver = createServer(async (request, response) => {
      bodies.push((await request.setEncoding('utf8').toArray()).join(''));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    await once(receiver.listen(0, '127.0.0.1'), 'listening');
    t.after(() => receiver.close());
    const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    const env = ['METERBRIDGE_LISTEN=none', `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`, 'OTEL_EXPORTER_OTLP_PROTOCOL=http/json'];
    const program = `
      import { createServer } from 'node:http';
      import { metrics } from '@opentelemetry/api';
      metrics.getMeter('library').createCounter('library.calls').add(1);
      const app = createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', async () => {
        await (await fetch('http://127.0.0.1:' + app.address().port)).text();
        app.closeAllConnections();
        app.close();
      });`;
    await it.run('env', ...env, 'node', how, 'meterbridge/register', '--input-type=module', '--eval', program);
    assert.equal(bodies.length, 1);
    for (const name of ['library.calls', 'http.server.request.duration', 'process.uptime'])
      assert.ok(bodies[0]?.includes(`"${name}"`), name);
  });
}

for (const [name, id] of [
  ['contract', 'contract'],
  ['check-report', 'check-report'],
  ['diff-report', 'diff-report'],
  ['diff-hints', 'diff-hints'],
] as const) {
  test(`a schema is there under its name: ${name}`, async () => {
    const schema = await evaluate(`
      import schema from 'meterbridge/${name}.schema.json' with { type: 'json' };
      console.log(JSON.stringify(schema));`);
    assert.match(schema.$schema, /json-schema\.org/);
    assert.match(schema.$id, new RegExp(id));
  });
}

test('what is not exported cannot be reached', async () => {
  await assert.rejects(evaluate(`import 'meterbridge/dist/src/index.js'`), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
});

test('its types stand by themselves', async () => {
  const program = code
    .map((path, index) => `import * as all${index} from '${specifierOf(path)}';\nexport { all${index} };\n`)
    .join('');
  writeFileSync(join(host.project, 'program.ts'), program);
  await host.typeCheck('program.ts');
});

test('the command runs, and prints nothing but its answer', async () => {
  const series = JSON.parse(
    await it.run(join(it.project, 'node_modules/.bin/meterbridge'), 'series', 'runwisp', '--format', 'json'),
  );
  assert.ok(series.some((row: { series: string }) => row.series === 'runwisp_runs_total'));
});

test('one copy of each @opentelemetry package, in the pinned version', () => {
  const copies = copiesIn(it.project, (name) => name.startsWith('@opentelemetry/'));
  for (const [name, versions] of copies) assert.equal(versions.length, 1, `${name}: ${versions.join(', ')}`);
  for (const [name, version] of Object.entries(manifest.optionalDependencies)) {
    if (name.startsWith('@opentelemetry/')) assert.deepEqual(copies.get(name), [version], name);
  }
  assert.ok(copies.has('@opentelemetry/api'), 'the peer is not installed');
});

test('the public surface is the one in review, and its reference: npm run api writes both', () => {
  const installed = join(it.project, 'node_modules/meterbridge');
  assert.equal(apiReport(installed), readFileSync(join(root, 'build/api-report.txt'), 'utf8'));
  assert.equal(apiReference(installed), readFileSync(join(root, 'docs/api.md'), 'utf8'));
});

test('every declaration in the tarball can be reached', () => {
  const installed = join(it.project, 'node_modules/meterbridge');
  const published = it.files.filter((path) => path.endsWith('.d.ts')).map((path) => join(installed, path));
  assert.deepEqual(published.sort(), [...reachable(installed)].sort());
});

test('the tarball is small', (t) => {
  t.diagnostic(
    `packed: ${(it.bytes / 1e3).toFixed(0)} kB, unpacked: ${(it.unpackedBytes / 1e3).toFixed(0)} kB, ${it.files.length} files`,
  );
  assert.ok(it.bytes <= maxPackedKilobytes * 1e3, `${it.bytes} bytes`);
});

test('it is light', (t) => {
  const direct = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).length;
  const megabytes = megabytesOf(join(it.project, 'node_modules'));
  t.diagnostic(`production dependencies: ${direct} direct, ${megabytes.toFixed(1)} MB in all`);
  assert.ok(direct <= maxDirectDependencies, `${direct} direct dependencies`);
  assert.ok(megabytes <= maxMegabytes, `${megabytes} MB`);
});

for (const thread of [false, true]) {
  test(`a web configuration works from the tarball, ${thread ? 'in a thread' : "in the host's thread"}`, async () => {
    // "right", with cost 4. Passwords are checked in a thread that is found beside the published code.
    const yaml = 'basic_auth_users:\n  alice: $2y$04$WnAZgj3WEuHiWengbAC9P.dpYM1PlDsup0/O6KBJwXaRWuyNk4/2y\n';
    writeFileSync(join(it.project, 'web-config.yml'), yaml);
    const statuses = await evaluate(`
      import { contract, counter, meterbridge } from 'meterbridge';
      const bridge = meterbridge(contract('a', { runs: counter({ help: 'Runs.' }) }), { log() {} });
      const { url } = await bridge.listen('127.0.0.1:0', { webConfig: 'web-config.yml', thread: ${thread} });
      const status = async (text) => (await fetch(url, { headers: { authorization: 'Basic ' + btoa(text) } })).status;
      console.log(JSON.stringify([await status('alice:right'), await status('alice:wrong')]));
      await bridge.close();`);
    assert.deepEqual(statuses, [200, 401]);
  });
}

const filesOfAHost = ['contract.ts', 'endpoint.ts', 'index.ts', 'recorder.ts'];

test('the five hosts can be moved out of this repository as they are', async () => {
  const files = globSync('instrumentation/*/*.ts', { cwd: root }).sort();
  for (const file of files) {
    const moved = readFileSync(join(root, file), 'utf8')
      .replaceAll(`'../../src/index.ts'`, `'meterbridge'`)
      .replaceAll(/'..\/..\/src\/(\w+)\.ts'/g, `'meterbridge/$1'`);
    mkdirSync(join(host.project, 'outside', dirname(file)), { recursive: true });
    writeFileSync(join(host.project, 'outside', file), moved);
  }
  const entries = files.filter((file) => file.endsWith('/index.ts'));
  // Contracts of other versions stand beside these.
  const ofEach = entries.flatMap((entry) => filesOfAHost.map((name) => join(dirname(entry), name)));
  const missing = ofEach.filter((file) => !files.includes(file));
  assert.deepEqual(missing, []);
  await host.typeCheck(...files.map((file) => join('outside', file)));
  const prefixes = await evaluate(
    `
    const hosts = await Promise.all(${JSON.stringify(entries)}.map((host) => import(process.cwd() + '/outside/' + host)));
    console.log(JSON.stringify(hosts.map((host) => host.default.name)));`,
    host,
  );
  assert.deepEqual(prefixes, ['crewshipd', 'rm', 'runwisp', 'solti', 'wasmrun_agent']);
});
