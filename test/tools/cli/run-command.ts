/** The command line, from source. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What follows `node`. The condition is that of the script `meterbridge`: the package's own exports are the sources. */
export const command: readonly string[] = [
  '--conditions=meterbridge-source',
  fileURLToPath(new URL('../../../src/tools/cli/main.ts', import.meta.url)),
];

export function runCommand(args: readonly string[], cwd?: string) {
  return spawnSync(process.execPath, [...command, ...args], { encoding: 'utf8', cwd });
}
