/**
 * Removes from `dist` the declarations that no user can reach. Half of them are: of the command line, of the service. What is
 * left is written as TypeScript 5.4 reads it, whose arrays of bytes do not say what memory they are in.
 */
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reachable } from './reachable.ts';

const root = join(import.meta.dirname, '..');
const kept = reachable(root);
const memory = /\b(DataView|(?:Uint|Int|Float|BigUint|BigInt)\d+Array)<(?:ArrayBuffer|ArrayBufferLike|SharedArrayBuffer)>/g;
for (const path of globSync('dist/**/*.d.ts', { cwd: root })) {
  const file = join(root, path);
  if (kept.has(file)) writeFileSync(file, readFileSync(file, 'utf8').replace(memory, '$1'));
  else rmSync(file);
}
