import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** The paths of files in a folder of the test's own; with a text, the file is written. */
export function folderFor(t: TestContext): (name: string, text?: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return (name, text) => {
    const path = join(folder, name);
    if (text !== undefined) writeFileSync(path, text);
    return path;
  };
}
