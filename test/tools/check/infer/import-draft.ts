import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Contract } from '../../../../src/core/contract/index.ts';
import { folderFor } from '../../../folder-for.ts';

export const root = join(import.meta.dirname, '../../../..');

/** A drafted module as Node runs it, and the folder that has it as `draft.ts`. */
export async function importDraft(
  t: TestContext,
  text: string,
): Promise<{ readonly contract: Contract; readonly folder: string }> {
  const path = folderFor(t);
  path('draft.ts', text);
  const runnable = path('runnable.mts');
  writeFileSync(runnable, text.replace("from 'meterbridge'", `from '${pathToFileURL(join(root, 'src/index.ts')).href}'`));
  return { contract: (await import(pathToFileURL(runnable).href)).default, folder: path('') };
}
