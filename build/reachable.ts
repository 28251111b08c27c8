/** The declarations that a user of the package can reach: those of its entry points, and what they import. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript-6';

/** The declarations of each entry point: specifier → path. */
export function entryPoints(root: string): ReadonlyMap<string, string> {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    exports: Readonly<Record<string, string | { readonly types: string }>>;
  };
  return new Map(
    Object.entries(exports).flatMap(([path, to]) =>
      typeof to === 'string' ? [] : [[path.replace(/^\./, name), join(root, to.types)] as const],
    ),
  );
}

/** Paths of declaration files, from the entry points on. */
export function reachable(root: string): ReadonlySet<string> {
  const found = new Set(entryPoints(root).values());
  for (const file of found) {
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8'), true, false).importedFiles) {
      if (fileName.startsWith('.')) found.add(resolve(file, '..', fileName.replace(/\.[jt]s$/, '.d.ts')));
    }
  }
  return found;
}
