/** Bundles `app.js` and `meterbridge/thread`, in the way that docs/installing.md gives: `node build.js BUNDLER FORMAT FOLDER`. */
import { resolve } from 'node:path';

const entries = { app: './app.js', thread: 'meterbridge/thread' };
const [, , bundler, format, folder] = process.argv;
const isModule = format === 'esm';
const extension = isModule ? '.mjs' : '.cjs';

const bundlers = {
  async esbuild() {
    const { build } = await import('esbuild');
    // A dependency in CommonJS form calls require().
    const js = `import { createRequire as from } from 'node:module'; const require = from(import.meta.url);`;
    const banner = isModule ? { js } : {};
    const outExtension = { '.js': extension };
    await build({ entryPoints: entries, bundle: true, platform: 'node', format, banner, outdir: folder, outExtension });
  },
  async rolldown() {
    const { build } = await import('rolldown');
    const entryFileNames = `[name]${extension}`;
    await build({
      input: entries,
      platform: 'node',
      output: { dir: folder, format, entryFileNames, chunkFileNames: `[name]-[hash]${extension}` },
    });
  },
  async webpack() {
    const { default: webpack } = await import('webpack');
    const named = { path: resolve(folder), filename: `[name]${extension}`, chunkFilename: `[name]${extension}` };
    const asModule = { experiments: { outputModule: true }, output: { ...named, module: true, chunkFormat: 'module' } };
    const asScript = { output: named };
    const settings = {
      mode: 'production',
      optimization: { minimize: false },
      target: 'node22',
      entry: entries,
      ...(isModule ? asModule : asScript),
    };
    const stats = await new Promise((done, fail) =>
      webpack(settings, (error, made) => (error === null ? done(made) : fail(error))),
    );
    if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
  },
};

await bundlers[bundler]();
