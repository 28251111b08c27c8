/** The numbers of a directory's processes: `NUMBER.slot` holds the id of who has it. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFile } from '../../../core/directory/foreign-file.ts';

const slotName = /^\d+\.slot$/;
const mostBytes = 64;

export const nameOfSlot = (slot: number): string => `${slot}.slot`;

/** The lowest number that no process of the directory has, or `before`, if it is free. Throws the error of the file system. */
export function takeSlot(directory: string, id: string, before?: number): number {
  if (before !== undefined && canTake(directory, id, before)) return before;
  for (let slot = 0; ; slot++) if (canTake(directory, id, slot)) return slot;
}

function canTake(directory: string, id: string, slot: number): boolean {
  try {
    writeFileSync(join(directory, nameOfSlot(slot)), id, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

export function hasSlot(directory: string, id: string, slot: number): boolean {
  const holder = readFile(join(directory, nameOfSlot(slot)), mostBytes);
  return Buffer.isBuffer(holder) && holder.toString() === id;
}

/** Others can have their numbers. Nothing happens where the directory has gone. */
export function freeSlots(directory: string, ids: ReadonlySet<string>): void {
  for (const name of namesIn(directory)) {
    const id = slotName.test(name) ? readFile(join(directory, name), mostBytes) : undefined;
    if (Buffer.isBuffer(id) && ids.has(id.toString())) rmSync(join(directory, name), { force: true });
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
