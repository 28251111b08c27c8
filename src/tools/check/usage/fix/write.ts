/** Writes the rewritten files, each by renaming a whole one over it. */
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { FilePlan } from './plan.ts';

export interface Written {
  readonly written: readonly string[];
  readonly refused: readonly { readonly file: string; readonly reason: string }[];
}

/** A file that has changed since it was read is left alone. A symbolic link stays one; permissions stay. */
export function writeFix(files: readonly FilePlan[]): Written {
  const written: string[] = [];
  const refused: { file: string; reason: string }[] = [];
  for (const { file, after } of files) {
    try {
      const path = realpathSync(file.path);
      if (!readFileSync(path).equals(file.bytes)) throw new Error('it has changed since it was read');
      replace(path, after);
      written.push(file.path);
    } catch (error) {
      refused.push({ file: file.path, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { written, refused };
}

function replace(path: string, text: string): void {
  const beside = `${path}.meterbridge-${process.pid}`;
  try {
    writeFileSync(beside, text, { mode: statSync(path).mode & 0o777, flag: 'wx' });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
