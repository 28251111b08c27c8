import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A file system of so many kilobytes; undefined where this process must not mount one. */
export function tinyDisk(t: TestContext, kilobytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-disk-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'none', folder], { stdio: 'ignore' });
  } catch {
    remove();
    return undefined;
  }
  t.after(() => {
    execFileSync('umount', ['--lazy', folder]);
    remove();
  });
  return folder;
}
