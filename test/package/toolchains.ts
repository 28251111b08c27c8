/**
 * The packed package with bundlers, TypeScript 5, test runners and Bun, as docs/installing.md says; the versions are
 * `toolchains/versions.json`.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pageText } from '../readme/pages.ts';
import { manifest, packed, root } from './packed.ts';

const folder = join(import.meta.dirname, 'toolchains');
const { dependencies } = JSON.parse(readFileSync(join(folder, 'versions.json'), 'utf8'));
const it = await packed();
const { project, run } = await it.beside(dependencies);
const bin = (name: string): string => join(project, 'node_modules/.bin', name);
for (const name of globSync('*', { cwd: folder }).filter((file) => file !== 'versions.json')) {
  cpSync(join(folder, name), join(project, name), { recursive: true });
}
cpSync(join(root, 'examples/recipes/tests'), project, { recursive: true });

const served = ['200 true', '200 true', '200 true', '200 true'];
/** The answers of `app.js`: without a thread, with passwords, in a thread, both. */
const works = { answers: served, flushed: true, pushed: true };

test('app.js answers and pushes as it is', async () => {
  assert.deepEqual(JSON.parse(await run('node', 'app.js')), works);
});

describe('bundled, and alone in its folder', () => {
  for (const bundler of ['esbuild', 'rolldown', 'webpack']) {
    for (const format of ['esm', 'cjs']) {
      test(`${bundler}, ${format}`, async (t) => {
        // Outside of the project, where no `node_modules` is found.
        const alone = mkdtempSync(join(tmpdir(), 'meterbridge-bundle-'));
        t.after(() => rmSync(alone, { recursive: true }));
        await run('node', 'build.js', bundler, format, alone);
        const extension = format === 'esm' ? 'mjs' : 'cjs';
        const app = async (...threadFile: readonly string[]) =>
          JSON.parse(await run('node', join(alone, `app.${extension}`), ...threadFile));
        assert.deepEqual(await app(join(alone, `thread.${extension}`)), works);
        // webpack writes into the code where each module was, and so finds the installed file, for as long as it is there.
        if (bundler === 'webpack') return;
        assertLost((await app()).answers);
      });
    }
  }

  test('ncc, whose thread is a bundle of its own', async (t) => {
    const alone = mkdtempSync(join(tmpdir(), 'meterbridge-bundle-'));
    t.after(() => rmSync(alone, { recursive: true }));
    const ncc = join(project, 'node_modules/@vercel/ncc/dist/ncc/cli.js');
    await run('node', ncc, 'build', 'app.js', '--out', alone);
    const [, thread = '', folder = ''] = /ncc build (\S+thread\.js) --out (\w+)/.exec(pageText('docs/installing.md')) ?? [];
    await run('node', ncc, 'build', thread, '--out', join(alone, folder));
    const app = async (...threadFile: readonly string[]) => JSON.parse(await run('node', join(alone, 'index.js'), ...threadFile));
    assert.deepEqual(await app(join(alone, folder, 'index.js')), works);
    assertLost((await app()).answers);
  });
});

/** Without the thread's file, what needs none works, and the rest says what to do. */
function assertLost([plain, ...others]: readonly string[]): void {
  assert.equal(plain, '200 true');
  for (const [at, code] of ['WEB_CONFIG_INVALID', 'LISTEN_FAILED', 'LISTEN_FAILED'].entries()) {
    assert.match(others[at] ?? '', new RegExp(`^${code} .*Fix: .*threadFile`));
  }
}

describe('TypeScript 5, without skipLibCheck', () => {
  const strictest = [
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--skipLibCheck',
    'false',
    '--target',
    'es2022',
    '--types',
    'node',
  ];
  const compileWith = (compiler: string, file: string, ...options: readonly string[]) =>
    run('node', join(project, 'node_modules', compiler, 'bin/tsc'), ...strictest, ...options, file).then(
      () => '',
      (error) => String(error.stdout),
    );
  const compile = (file: string, ...options: readonly string[]) => compileWith('typescript', file, ...options);
  cpSync(join(folder, 'shop.ts'), join(project, 'shop.cts'));
  const nodenext = ['--module', 'nodenext'];
  const cases = [
    ['node16', 'shop.ts', ['--module', 'node16']],
    ['nodenext', 'shop.ts', nodenext],
    ['nodenext, CommonJS', 'shop.cts', nodenext],
    ['bundler', 'shop.ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ] as const;
  for (const [name, file, options] of cases) {
    test(name, async () => assert.equal(await compile(file, ...options), ''));
  }

  const everything = 'every-entry-point.ts';
  // Those for Fastify need a compiler that takes Fastify's own.
  const specifiers = Object.entries(manifest.exports).flatMap(([path, to]) =>
    typeof to === 'string' || /fastify|instrumentation/.test(path) ? [] : [path.replace(/^\./, 'meterbridge')],
  );
  writeFileSync(join(project, everything), specifiers.map((name, at) => `export * as all${at} from '${name}';\n`).join(''));
  for (const version of ['5.4', '5.6']) {
    for (const file of ['shop.ts', everything]) {
      test(`${version}: ${file}`, async () => assert.equal(await compileWith(`typescript-${version}`, file, ...nodenext), ''));
    }
  }

  test('node10: the compiler says what to set', async () => {
    const said = await compile('shop.ts', '--module', 'commonjs', '--moduleResolution', 'node10');
    assert.match(said, /Cannot find module 'meterbridge'[\s\S]*updating to 'node16', 'nodenext', or 'bundler'/);
  });
});

test('vitest', async () => {
  assert.match(await run(bin('vitest'), 'run', '--root', 'vitest'), /2 passed/);
});

test('node:test', async () => {
  assert.match(await run('node', '--test', '--test-reporter', 'tap', 'node/shop.test.js'), /^# pass 2$/m);
});

test('Jest, in CommonJS', async () => {
  const jest = join(project, 'node_modules/jest/bin/jest.js');
  // Rejects unless every test passes.
  await run('node', '--experimental-vm-modules', jest, '--rootDir', join(project, 'jest'));
});

test('Bun: the listener, its thread, passwords, push, Express, Hono', async (t) => {
  const installer = join(project, 'node_modules/bun/install.js');
  if (!existsSync(installer)) return t.skip('skipped: there is no bun package');
  // npm runs no install script that a project does not allow.
  await run('node', installer);
  assert.deepEqual(JSON.parse(await run(bin('bun'), 'app.js')), works);
  // Bun announces no requests of its servers, and does not measure its event loop.
  const seen = { pages: [true, true], said: true, shown: [false, false, true] };
  assert.deepEqual(JSON.parse(await run(bin('bun'), 'bun-servers.js')), seen);
});
