/** The dashboards and rules that use the hosts' contracts: copies of `deploy/`, and what is generated for each host. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { hostNames } from '../../../src/tools/cli/hosts.ts';
import { runCommand } from '../../tools/cli/run-command.ts';

const deployed = new URL('../../../deploy/', import.meta.url).pathname;

/** What is returned copies them to a new folder of that name. */
export function usedFiles(t: TestContext): (to: string) => string {
  const root = mkdtempSync(join(tmpdir(), 'meterbridge-fix-'));
  t.after(() => rmSync(root, { recursive: true }));
  const first = join(root, 'old');
  for (const part of ['grafana', 'prometheus']) cpSync(join(deployed, part), join(first, part), { recursive: true });
  // Its folder of dashboards is on another machine.
  rmSync(join(first, 'grafana', 'provisioning'), { recursive: true });
  for (const host of hostNames)
    for (const [command, file] of [
      ['dashboards', `${host}.json`],
      ['rules', `${host}.yaml`],
    ] as const) {
      const { status, stdout, stderr } = runCommand([command, host]);
      assert.equal(status, 0, stderr);
      writeFileSync(join(first, file), stdout);
    }
  return (to) => {
    const copy = join(root, to);
    cpSync(first, copy, { recursive: true });
    return copy;
  };
}
