/**
 * A disk that becomes full, and has room again: a file system of its own, or, where this process must not mount one, a limit of
 * the service's process.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { folderFor } from '../folder-for.ts';
import { tinyDisk } from '../service/exporters/file/tiny-disk.ts';

export interface Disk {
  readonly folder: string;
  /** From now on the service of this process writes nothing. */
  fill(pid: number): void;
  free(pid: number): void;
}

const kilobytes = 32 * 1_024;

/** Undefined: there is none that can be filled here. */
export function startDisk(t: TestContext): Disk | undefined {
  const folder = tinyDisk(t, kilobytes);
  return folder === undefined ? limited(t) : mounted(folder);
}

function mounted(folder: string): Disk {
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill() {
      try {
        writeFileSync(ballast, Buffer.alloc(kilobytes * 1_024));
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
      }
    },
    free: () => rmSync(ballast, { force: true }),
  };
}

/** EFBIG in place of ENOSPC. */
function limited(t: TestContext): Disk | undefined {
  const limit = (pid: number, bytes: string) => execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
  try {
    limit(process.pid, 'unlimited');
  } catch {
    return undefined;
  }
  const folder = dirname(folderFor(t)('metrics.json'));
  return { folder, fill: (pid) => limit(pid, '0'), free: (pid) => limit(pid, 'unlimited') };
}
