/** What the tests of the log share: a folder of its own, payloads that say which record they are of, and what is live in it. */
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openRecordLog, type RecordLog, type RecordLogOptions } from '../../../../src/service/storage/log/record-log.ts';
import { folderFor } from '../../../folder-for.ts';

export interface Rig {
  readonly directory: string;
  readonly warnings: string[];
  open(options?: Partial<RecordLogOptions>): Promise<RecordLog>;
  /** A copy of what is on the disk now: what a process that is killed leaves. */
  crashed(): Rig;
  files(): readonly string[];
}

export function rig(t: TestContext, copyOf?: string): Rig {
  const directory = folderFor(t)('log');
  if (copyOf === undefined) mkdirSync(directory);
  else cpSync(copyOf, directory, { recursive: true });
  const warnings: string[] = [];
  return {
    directory,
    warnings,
    open: (options = {}) =>
      openRecordLog({
        directory,
        name: 'queue',
        fsync: false,
        maxBytes: 0,
        warn: (message) => warnings.push(message),
        ...options,
      }),
    crashed: () => rig(t, directory),
    files: () =>
      readdirSync(directory)
        .sort()
        .map((file) => join(directory, file)),
  };
}

/** `points` is how many bytes it has, too. */
export function payloadOf(text: string, length = text.length): Uint8Array {
  return Buffer.from(text.padEnd(length, '.'));
}

export const textOf = (payload: Uint8Array) => Buffer.from(payload).toString().replace(/\.+$/, '');

/** Of the records that were there when the log was opened, in their order. */
export async function liveTexts(log: RecordLog): Promise<readonly string[]> {
  return Promise.all(log.live.map(async (record) => textOf(await log.read(record))));
}
