/**
 * A copy of the sources in a folder from which no package can be resolved, as after an install that left the optional ones out.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

export function withoutPackages(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-without-'));
  for (const part of ['src', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
