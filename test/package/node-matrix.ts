/** The packed package on each supported Node.js, with and without the optional packages; and what older ones say. */
import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { blocks, pageText } from '../readme/pages.ts';
import { copiesIn, diskMegabytesOf, megabytesOf } from './installed.ts';
import { installNodes } from './nodes.ts';
import { besideFastify, manifest, packed } from './packed.ts';

const maxPackages = 30;
const maxMegabytes = 15;

const it = await packed();
const [nodes, bare] = await Promise.all([installNodes(), it.beside({}, '--omit=optional')]);

const specifiers = Object.keys(manifest.exports)
  .filter((path) => !path.endsWith('.json'))
  .map((path) => path.replace(/^\./, 'meterbridge'));

const series = (labels: string) => [
  `shop_orders_total{${labels}payment="card"} 2`,
  `shop_orders_total{${labels}payment="invoice"} 0`,
  `shop_checkout_duration_seconds_count${labels && `{${labels.slice(0, -1)}}`} 1`,
  `shop_level_ratio${labels && `{${labels.slice(0, -1)}}`} 0.25`,
];

for (const [name, { project, run }] of Object.entries({ 'an ordinary install': it, '--omit=optional': bare })) {
  cpSync(join(import.meta.dirname, 'programs/embedder.mjs'), join(project, 'embedder.mjs'));
  for (const node of nodes.supported) {
    test(`Node.js ${node.version}, ${name}: records, listens, pushes, and serves`, async () => {
      const { series: listed, ...rest } = JSON.parse(await run(node.path, 'embedder.mjs'));
      assert.deepEqual(rest, {
        listener: series(''),
        thread: series(''),
        locked: [series(''), 401],
        pushed: true,
        cutOff: 400,
        service: series('instance="one",job="shop",'),
        library: true,
        tested: 0,
        ended: 0,
      });
      assert.ok(listed.includes('runwisp_runs_total'));
    });
    test(`Node.js ${node.version}, ${name}: import and require load every entry point`, async () => {
      const load = `for (const name of ${JSON.stringify(specifiers)}) { require(name); await import(name); }`;
      const program = `const require = (await import('node:module')).createRequire(process.cwd() + '/x.js'); ${load}`;
      assert.equal(await run(node.path, '--input-type=module', '--eval', program), '');
    });
  }
}

test("the quick start's file runs on the Node.js that the page names, and with its flag on the oldest supported one", async () => {
  const page = pageText('docs/quick-start.md');
  const [host, [oldest]] = [await besideFastify(), nodes.supported];
  assert.ok(oldest !== undefined && page.includes('Node.js 22.18 or newer') && nodes.typeScript.version === '22.18.0');
  writeFileSync(
    join(host.project, 'app.ts'),
    `${blocks(page, 'ts')[0]?.replace(/:9464|3000/g, (port) => (port === '3000' ? '0' : ':0'))}\nprocess.exit();`,
  );
  assert.match(await host.run(nodes.typeScript.path, 'app.ts'), /^its metrics: http/m);
  const [flag = ''] = /--experimental-[a-z-]+/.exec(page) ?? [];
  assert.match(await host.run(oldest.path, flag, 'app.ts'), /^its metrics: http/m);
  await assert.rejects(host.run(oldest.path, 'app.ts'));
});

const engine = `
import { contract, counter, meterbridge } from 'meterbridge';
import { sdkEngine } from 'meterbridge/sdk';
const problems = [];
const attempt = async (make) => { try { return await make(); } catch (error) { problems.push(error.code, ...error.problems.map(({ fix }) => fix)); } };
const shop = contract('shop', { orders: counter({ help: 'Orders.' }) });
const shown = async (options) => {
  const bridge = meterbridge(shop, { env: {}, isolated: true, ...options });
  bridge.metrics.orders.add(3);
  const [family] = await bridge.gather();
  await bridge.close();
  return family.samples[0].value;
};
const recorded = await attempt(() => shown({ engine: sdkEngine(), push: false }));
const pushed = await attempt(() => shown({ push: { exporter: 'sdk', endpoint: 'http://127.0.0.1:1', timeoutMs: 100 } }));
process.stdout.write(JSON.stringify({ recorded, pushed, problems }));
`;

test("the SDK's engine and its exporter work in an ordinary install, on each Node.js", async () => {
  writeFileSync(join(it.project, 'engine.mjs'), engine);
  for (const { path } of nodes.supported) {
    assert.deepEqual(JSON.parse(await it.run(path, 'engine.mjs')), { recorded: 3, pushed: 3, problems: [] });
  }
});

test('docs/installing.md says what an install takes', (t) => {
  const page = pageText('docs/installing.md').replaceAll('\n', ' ');
  const said = [/(\d+) packages that take (\d+) MB on disk/, /(\d+) packages remain, which take (\d+) MB on disk/].map((text) => {
    const [, packages, megabytes] = text.exec(page) ?? assert.fail(`${text}`);
    return { packages: Number(packages), megabytes: Number(megabytes) };
  });
  for (const [at, { project }] of [it, bare].entries()) {
    const { packages, megabytes } = said[at] ?? assert.fail();
    const measured = diskMegabytesOf(join(project, 'node_modules'));
    t.diagnostic(`${measured.toFixed(1)} MB on disk`);
    assert.equal(copiesIn(project, () => true).size, packages);
    // Other file systems take other blocks.
    assert.ok(Math.abs(measured - megabytes) <= megabytes / 5, `${measured} MB, where the page says ${megabytes}`);
  }
});

describe('--omit=optional', () => {
  test('it is small', (t) => {
    const packages = copiesIn(bare.project, () => true);
    const megabytes = megabytesOf(join(bare.project, 'node_modules'));
    t.diagnostic(`${packages.size} packages, ${megabytes.toFixed(1)} MB: ${[...packages.keys()].join(', ')}`);
    assert.ok(packages.size <= maxPackages && megabytes <= maxMegabytes, `${packages.size} packages, ${megabytes} MB`);
    for (const name of Object.keys(manifest.optionalDependencies)) assert.ok(!packages.has(name), name);
  });

  test('what is missing is named, with the command that installs it', async () => {
    writeFileSync(join(bare.project, 'engine.mjs'), engine);
    const { problems } = JSON.parse(await bare.run('node', 'engine.mjs'));
    const versions = (...names: string[]) =>
      `run: npm install ${names.map((name) => `${name}@${manifest.optionalDependencies[name]}`).join(' ')}`;
    const forEngine = versions('@opentelemetry/sdk-metrics', '@opentelemetry/exporter-prometheus');
    const forExporter = versions(
      '@opentelemetry/exporter-metrics-otlp-http',
      '@opentelemetry/sdk-metrics',
      '@opentelemetry/resources',
    );
    assert.deepEqual(problems, [
      'DEPENDENCY_MISSING',
      forEngine,
      forEngine,
      'DEPENDENCY_MISSING',
      forExporter,
      forExporter,
      forExporter,
    ]);
  });

  test('the declarations ask for no optional package, but those for Fastify', async () => {
    const checked = specifiers.filter((name) => name !== 'meterbridge/fastify' && !name.includes('/instrumentation/'));
    assert.ok(checked.includes('meterbridge') && checked.includes('meterbridge/sdk'));
    const program = checked.map((name, index) => `import * as all${index} from '${name}';\nexport { all${index} };\n`).join('');
    writeFileSync(join(bare.project, 'program.ts'), program);
    await bare.typeCheck('program.ts');
  });
});

for (const { version, path } of nodes.refused) {
  test(`Node.js ${version} is refused at import, by each entry point and the command, with a sentence`, async () => {
    const said = /^Node\.js: got [\d.]+; Meterbridge needs version 22\.15 or newer\. Fix: install Node\.js 22\.15 or newer\.$/;
    const load = `for (const name of ${JSON.stringify(specifiers)}) await import(name).catch((error) => console.log(error.message));`;
    const lines = (await it.run(path, '--input-type=module', '--eval', load)).trimEnd().split('\n');
    assert.equal(lines.length, specifiers.length);
    for (const line of lines) assert.match(line, said);
    const command = it.run(path, 'node_modules/meterbridge/dist/src/tools/cli/main.js', '--version');
    await assert.rejects(command, ({ code, stderr }: { code: number; stderr: string }) => {
      assert.equal(code, 1);
      assert.match(stderr.trimEnd().replace('meterbridge: ', ''), said);
      return true;
    });
  });
}
