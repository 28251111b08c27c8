/** Other versions of Node.js than the one that runs the tests, from npm's packages of its builds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { install } from './packed.ts';

/** The oldest one, and the newest line. */
const supported = ['22.15.0', '26'] as const;
const refused = ['18', '20'] as const;
/** The first of its line that runs TypeScript without a flag (Node.js 22.18.0, "type stripping is enabled by default"). */
const typeScript = '22.18.0';

export interface Node {
  readonly version: string;
  readonly path: string;
}

export interface Nodes {
  /** With the one that runs the tests. */
  readonly supported: readonly Node[];
  readonly refused: readonly Node[];
  /** The oldest one that runs a `.ts` file without a flag. */
  readonly typeScript: Node;
}

let made: Promise<Nodes> | undefined;

/** Installed at the first call, and the same for all tests of a process. */
export function installNodes(): Promise<Nodes> {
  made ??= installed();
  return made;
}

async function installed(): Promise<Nodes> {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-nodes-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const aliases = [...supported, ...refused, typeScript].map(
    (version) => `v${version}@npm:node-${process.platform}-${process.arch}@${version}`,
  );
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'nodes', version: '1.0.0', private: true }));
  await install(folder, '--ignore-scripts', '--force', ...aliases);
  const at = (version: string): Node => ({ version, path: join(folder, 'node_modules', `v${version}`, 'bin', 'node') });
  const own: Node = { version: process.versions.node, path: process.execPath };
  return { supported: [...supported.map(at), own], refused: refused.map(at), typeScript: at(typeScript) };
}
