/** Looks at a tree of installed packages. */
import { globSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The versions of each installed package whose name is wanted, one entry a copy. */
export function copiesIn(project: string, wanted: (name: string) => boolean): ReadonlyMap<string, readonly string[]> {
  const copies = new Map<string, string[]>();
  for (const path of globSync('**/node_modules/{*,@*/*}/package.json', { cwd: project })) {
    const { name, version } = JSON.parse(readFileSync(join(project, path), 'utf8'));
    if (wanted(name)) copies.set(name, [...(copies.get(name) ?? []), version]);
  }
  return copies;
}

/** What the files of a folder take, in megabytes (1,000,000 bytes) of their sizes. */
export function megabytesOf(folder: string): number {
  const files = globSync('**', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0) / 1e6;
}

/** What `stat` counts in. */
const blockBytes = 512;

/** What a folder takes on disk, as `du -sm` says it: in units of 1,048,576 bytes. */
export function diskMegabytesOf(folder: string): number {
  const entries = ['.', ...globSync('**', { cwd: folder })];
  return (entries.reduce((sum, path) => sum + lstatSync(join(folder, path)).blocks, 0) * blockBytes) / 2 ** 20;
}
