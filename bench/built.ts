/**
 * The package as it is published, bundled once a state of the sources: what starts a process is measured without stripping types.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
/** Below `node_modules`, so that the packages are found from there and nobody publishes it. */
const folder = join(root, 'node_modules/.cache/meterbridge-bench');

/** Where the compiled entry points are. */
export function builtPackage(): string {
  const stamp = join(folder, 'package.json');
  const newest = Math.max(
    ...globSync(['rolldown.config.ts', 'src/**/*.ts'], { cwd: root }).map((file) => statSync(join(root, file)).mtimeMs),
  );
  if (!existsSync(stamp) || statSync(stamp).mtimeMs < newest) {
    mkdirSync(folder, { recursive: true });
    const bundler = join(root, 'node_modules/rolldown/bin/cli.mjs');
    // Standard output belongs to the figures.
    execFileSync(process.execPath, [bundler, '-c', '--dir', join(folder, 'dist'), '--log-level', 'warn'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    // The command line asks the package for its version.
    const { name, version, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    writeFileSync(stamp, JSON.stringify({ name, version, type: 'module', exports }));
  }
  return join(folder, 'dist/src');
}
