/** Removes from `dist` the declarations that no user can reach. Half of them are: of the command line, of the service. */
import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { reachable } from './reachable.ts';

const root = join(import.meta.dirname, '..');
const kept = reachable(root);
for (const path of globSync('dist/**/*.d.ts', { cwd: root })) if (!kept.has(join(root, path))) rmSync(join(root, path));
