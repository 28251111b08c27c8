/** When a file is full, and what becomes of the files before it. Without rotation it is never full, and none is removed. */
import { rename, stat } from 'node:fs/promises';
import { backupPath, removeBackups, renameOldNames } from './backups.ts';
import type { FileSettings } from './config.ts';
import type { OutputContext } from './output.ts';

const megabyte = 1_024 * 1_024;
const defaultMegabytes = 100;

export interface Rotation {
  /** Bytes that one file may have. */
  readonly most: number;
  renameOldNames(): Promise<void>;
  /** Renames the file that is there, if one is. */
  setAside(): Promise<void>;
  /** Removes what is too old, or too much. */
  clean(): Promise<void>;
}

export function createRotation({ path, rotation }: FileSettings, { clock, warn }: OutputContext): Rotation {
  const names = { path, localtime: rotation?.localtime ?? false };
  const rules = rotation && { ...names, maxDays: rotation.max_days, maxBackups: rotation.max_backups };
  return Object.freeze({
    most: rotation === undefined ? Number.POSITIVE_INFINITY : (rotation.max_megabytes || defaultMegabytes) * megabyte,
    async renameOldNames() {
      if (rules !== undefined) await renameOldNames(rules);
    },
    async setAside() {
      let ms = clock();
      while (await exists(backupPath(names, ms))) ms++;
      await rename(path, backupPath(names, ms)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    },
    async clean() {
      if (rules === undefined) return;
      const failures = await removeBackups(rules, clock()).catch((error: Error) => [error.message]);
      for (const failure of failures) warn(`an old file cannot be removed: ${failure}`);
    },
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
