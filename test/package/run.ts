/**
 * `npm run test:packages`: builds and packs once, and runs the tests of what is packed in two processes. Each installs it once.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tarballIn } from './packed.ts';

const files = ['packages-built-with.ts', 'packages.ts'].map((name) => join(import.meta.dirname, name));
const folder = mkdtempSync(join(tmpdir(), 'meterbridge-tarball-'));
try {
  const tarball = join(folder, 'tarball.json');
  writeFileSync(tarball, JSON.stringify(await tarballIn(folder)));
  const env = { ...process.env, METERBRIDGE_TARBALL: tarball };
  const args = ['--test', '--test-timeout=1200000', '--test-concurrency=2', ...files];
  process.exitCode = spawnSync(process.execPath, args, { env, stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
