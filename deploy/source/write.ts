/** `npm run generate`: writes the files that come from the contracts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { files } from './files.ts';
import { ownFiles } from './own.ts';

for (const [path, text] of Object.entries({ ...files, ...ownFiles })) writeFileSync(join(import.meta.dirname, '..', path), text);
