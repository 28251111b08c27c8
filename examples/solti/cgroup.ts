/** A control group of Linux that limits how many processes and threads an attempt has. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type Cgroup = ReturnType<typeof openCgroup>;

const ROOT = '/sys/fs/cgroup';
/** A process that was killed leaves its group a little later. */
const REMOVALS = 20;
const REMOVE_AGAIN_MS = 50;

let serial = 0;

/** @throws when the kernel, or what this process may do, does not allow it */
export function openCgroup(pidsMax: number) {
  // Version 2 has one tree; in version 1 each controller has its own.
  const tree = existsSync(join(ROOT, 'cgroup.controllers')) ? ROOT : join(ROOT, 'pids');
  serial += 1;
  const folder = join(tree, `solti-${process.pid}-${serial}`);
  mkdirSync(folder);
  try {
    // Never created: where the file is missing there is no such limit.
    writeFileSync(join(folder, 'pids.max'), String(pidsMax), { flag: 'r+' });
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  return Object.freeze({
    /** A process that writes its id there joins the group, with all its descendants. */
    procs: join(folder, 'cgroup.procs'),
    /** Once its processes have ended. */
    remove: () => remove(folder),
  });
}

async function remove(folder: string): Promise<void> {
  for (let i = 0; i < REMOVALS; i++) {
    try {
      rmdirSync(folder);
      return;
    } catch {
      await sleep(REMOVE_AGAIN_MS);
    }
  }
}
