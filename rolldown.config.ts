/**
 * What `dist` is bundled into. A process that imports Meterbridge pays for each module that is looked up, not for its size: in
 * one piece, what the main entry point loads takes half the time. Everything else is split by who needs it.
 */
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'rolldown';
import { pageAssets } from './build/page-assets.ts';

const entries = globSync(['src/*.ts', 'src/tools/cli/main.ts', 'src/tools/demo/shop-process.ts', 'instrumentation/*/index.ts']);
/** Printed by `meterbridge demo --source`, and so for people to read. */
const shop = { 'src/tools/demo/shop': 'src/tools/demo/shop.ts' };

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

const main = resolve('src/index.ts');
const loaded = new Set<string>();

/** What is loaded with the main entry point: dynamic imports are not followed. */
function loadedAtOnce(modules: Modules): ReadonlySet<string> {
  if (loaded.size > 0) return loaded;
  loaded.add(main);
  for (const id of loaded) for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) loaded.add(imported);
  return loaded;
}

const common = { platform: 'node', external: /^(?:node:|[^./])/ } as const;

const published = defineConfig({
  ...common,
  plugins: [pageAssets()],
  input: Object.fromEntries(entries.map((path) => [path.replace(/\.ts$/, ''), path])),
  // What acts by being imported, although package.json says that nothing does: it speaks of the entry points.
  treeshake: { moduleSideEffects: (id) => /\/src\/(core\/node\/supported|tools\/cli\/command-line)\.ts$/.test(id) },
  output: {
    dir: 'dist',
    format: 'esm',
    // The declarations keep theirs, and the sources.
    comments: { annotation: true, jsdoc: false, legal: true },
    // The line of an error that nobody catches is printed: it is to be read.
    minify: false,
    // Three folders deep, like the sources, so that a path beside a file holds in a chunk too.
    chunkFileNames: 'src/wings/chunks/[name]-[hash].js',
    codeSplitting: { groups: [{ debugName: 'core', name: (id, modules) => (loadedAtOnce(modules).has(id) ? 'core' : null) }] },
  },
});

export default [published, defineConfig({ ...common, input: shop, output: { dir: 'dist', format: 'esm' } })];
