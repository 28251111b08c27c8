/** Builds, packs and installs the package the way a user gets it, in temporary folders: the clone stays as it is. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export const root = join(import.meta.dirname, '../..');
export const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

interface Manifest {
  readonly version: string;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, unknown>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export interface Packed {
  /** Its path. */
  readonly tarball: string;
  /** The paths inside the tarball. */
  readonly files: readonly string[];
  /** The tarball's size. */
  readonly bytes: number;
  readonly unpackedBytes: number;
  /** A project with nothing but the packed package (and so its dependencies) in it. */
  readonly project: string;
  /** Runs a program in that project; answers with its stdout, throws with its stderr. `node` is the one that runs the tests. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  /**
   * Has the compiler check programs of that project, at its strictest and the package's own types included; fails with what it
   * says.
   */
  typeCheck(...files: readonly string[]): Promise<void>;
  /** A project with these packages (name → range) beside the packed one; `flags` are npm's. */
  beside(packages: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<Beside>;
}

const beside = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'rolldown.config.ts',
  'build',
  'src',
  'instrumentation',
  'README.md',
  'LICENSE',
];

const installAgainMs = 10_000;

let made: Promise<Packed> | undefined;

/** Built, packed and installed at the first call, and the same for all tests of a process. */
export function packed(): Promise<Packed> {
  made ??= pack();
  return made;
}

export type Beside = Pick<Packed, 'project' | 'run' | 'typeCheck'>;

let withFastify: Promise<Beside> | undefined;

/** A project that has Fastify beside the packed package, as the hosts' programs do. Installed at the first call. */
export function besideFastify(): Promise<Beside> {
  withFastify ??= packed().then((it) => it.beside({ fastify: manifest.devDependencies.fastify as string }));
  return withFastify;
}

export type Tarball = Pick<Packed, 'tarball' | 'files' | 'bytes' | 'unpackedBytes'>;

/** Built and packed in a folder that is there. */
export async function tarballIn(folder: string): Promise<Tarball> {
  const source = join(folder, 'source');
  const copied = [...beside, ...manifest.files.filter((path) => path !== 'dist')].flatMap((pattern) =>
    globSync(pattern, { cwd: root }),
  );
  for (const path of new Set(copied)) cpSync(join(root, path), join(source, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(source, 'node_modules'));

  await runIn(source, 'npm', 'run', 'build');
  const [tarball] = JSON.parse(await runIn(source, 'npm', 'pack', '--json', '--ignore-scripts')) as [
    { filename: string; size: number; unpackedSize: number; files: { path: string }[] },
  ];
  return {
    tarball: join(source, tarball.filename),
    files: tarball.files.map(({ path }) => path),
    bytes: tarball.size,
    unpackedBytes: tarball.unpackedSize,
  };
}

async function pack(): Promise<Packed> {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-package-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  // From `run.ts`.
  const { METERBRIDGE_TARBALL: given } = process.env;
  const tarball: Tarball = given === undefined ? await tarballIn(folder) : JSON.parse(readFileSync(given, 'utf8'));
  const file = tarball.tarball;
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'project', version: '1.0.0', private: true, type: 'module' }),
  );
  await install(project, file);
  return {
    ...tarball,
    project,
    run: (program, ...args) => runIn(project, program, ...args),
    typeCheck: (...files) => typeCheck(project, files),
    async beside(packages, ...flags) {
      const other = mkdtempSync(join(folder, 'beside-'));
      const contents = { name: 'host', version: '1.0.0', private: true, type: 'module', dependencies: packages };
      writeFileSync(join(other, 'package.json'), JSON.stringify(contents));
      await install(other, ...flags, file);
      return {
        project: other,
        run: (program, ...args) => runIn(other, program, ...args),
        typeCheck: (...files) => typeCheck(other, files),
      };
    },
  };
}

/** A registry that does not answer now usually does a little later. */
export async function install(cwd: string, ...names: readonly string[]): Promise<void> {
  for (let left = 2; ; left--) {
    try {
      await runIn(cwd, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...names);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(installAgainMs);
    }
  }
}

export async function typeCheck(project: string, files: readonly string[]): Promise<void> {
  const strictest = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
  const like24 = ['--module', 'nodenext', '--target', 'es2024', '--allowImportingTsExtensions'];
  const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node'];
  const tsc = join(root, 'node_modules/.bin/tsc');
  await runIn(project, tsc, ...strictest, ...like24, ...types, ...files).catch((error) => assert.fail(error.stdout));
}

export async function runIn(cwd: string, program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd, env: environment(), maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/**
 * Without what an outer `npm run` says of its own project, without a cache that would keep these folders' files, and with this
 * Node first.
 */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|config_local)|INIT_CWD$|NODE_TEST|NODE_OPTIONS$|NODE_COMPILE_CACHE$)/.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter) };
}
