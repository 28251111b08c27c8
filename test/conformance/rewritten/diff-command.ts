/**
 * `meterbridge diff OLD NEW --renames FILE --usage FOLDER --fix -f json`, in this process: what it says, and the files that it
 * leaves.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { TestContext } from 'node:test';
import { toJson } from '../../../src/core/contract/index.ts';
import type { Hints } from '../../../src/tools/check/diff/change.ts';
import type { UsageReport } from '../../../src/tools/check/usage/index.ts';
import { run } from '../../../src/tools/cli/run.ts';
import type { ChangedContract } from './changed-contract.ts';

export interface Fixed extends Pick<UsageReport, 'counts' | 'findings'> {
  readonly notes: readonly string[];
}

/** As `--renames` reads it. */
export function hintsText({ labels, values }: Hints): string {
  const plain = (_key: string, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value);
  return JSON.stringify({ labels, values }, plain);
}

/** @param old a file */
export async function fix(
  t: TestContext,
  old: string,
  { contract, hints }: Omit<ChangedContract, 'became'>,
  folder: string,
): Promise<Fixed> {
  const own = mkdtempSync(join(tmpdir(), 'meterbridge-diff-'));
  t.after(() => rmSync(own, { recursive: true }));
  const [next, renames] = [join(own, 'new.json'), join(own, 'hints.json')];
  writeFileSync(next, JSON.stringify(toJson(contract)));
  writeFileSync(renames, hintsText(hints));
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const args = ['diff', old, next, '--renames', renames, '--usage', folder, '--fix', '-f', 'json'];
  const code = await run(args, { stdout, stderr });
  const said = stderr.end().read()?.toString() ?? '';
  assert.notEqual(code, 2, said);
  const { usage } = JSON.parse(stdout.end().read().toString()) as { readonly usage: Fixed };
  return usage;
}
