/** Cases that are run every time: those that failed once, and those that show where the SDK is wrong. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Case } from './case.ts';

const folder = new URL('./cases/', import.meta.url);

export interface KeptCase {
  readonly file: string;
  readonly case: Case;
}

export function keptCases(): readonly KeptCase[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.toSorted().map((file) => ({ file, case: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Case }));
}

/** Returns its path. The same case has the same name. */
export function keep(failed: Case): string {
  const text = `${JSON.stringify(failed, null, 2)}\n`;
  const name = `found-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.json`;
  const file = new URL(name, folder);
  writeFileSync(file, text);
  return fileURLToPath(file);
}
