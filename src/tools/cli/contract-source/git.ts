/**
 * A contract as it was at a revision: `git:REV:FILE`. JSON is read from git alone. A module needs the files that it imports, so
 * the revision's files are written to a temporary folder, beside links to the installed packages; no hook runs, and neither index
 * nor work tree changes.
 */
import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join, posix, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Contract, fromJson } from '../../../core/contract/index.ts';
import { contractFileError, contractOfModule, isModule, messageOf } from '../load-contract.ts';
import { usageError } from '../usage-error.ts';

const mostBytes = 16 * 1024 * 1024;
const run = promisify(execFile);

interface Place {
  /** As the command line calls it. */
  readonly name: string;
  readonly revision: string;
  /** From the repository's root, with slashes. */
  readonly file: string;
  readonly root: string;
  readonly commit: string;
}

export async function contractAtRevision(name: string): Promise<Contract> {
  const place = await placeOf(name);
  const extension = extname(place.file);
  if (extension === '.json') return fromJson(parsed(await shownFile(place), name), name);
  if (isModule(place.file)) return await fromRevision(place);
  throw contractFileError(name, 'no contract', 'this is neither a .json file nor a module', 'name a file with its extension');
}

async function placeOf(name: string): Promise<Place> {
  const [, revision = '', given = ''] = /^git:([^:]+):(.+)$/s.exec(name) ?? [];
  const fix = 'write git:main:metrics/contract.ts';
  if (revision === '' || given === '') throw usageError(name, 'no revision and file', 'it is git:REV:FILE', fix);
  for (const part of [revision, given]) {
    if (!part.startsWith('-') && !part.includes('\0')) continue;
    throw usageError(name, JSON.stringify(part), 'a revision and a file do not begin with -, which would be an option', fix);
  }
  // The real path, which is the one that git gives.
  const root = (await git(name, ['rev-parse', '--show-toplevel'], process.cwd())).trimEnd();
  const prefix = relative(root, realpathSync(process.cwd())).split(sep).join('/');
  const file = posix.normalize(/^\.\.?\//.test(given) ? posix.join(prefix, given) : given);
  if (file.startsWith('../') || posix.isAbsolute(file)) {
    throw usageError(
      name,
      JSON.stringify(given),
      'the file is inside the repository',
      'begin at its root, or with ./ at the working directory',
    );
  }
  const commit = (await git(name, ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`], root)).trim();
  return { name, revision, file, root, commit };
}

async function shownFile({ name, commit, file, root }: Place): Promise<string> {
  return await git(name, ['cat-file', 'blob', `${commit}:${file}`], root);
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw contractFileError(name, messageOf(error), 'a contract file is readable JSON', 'correct the path or the file', error);
  }
}

async function fromRevision(place: Place): Promise<Contract> {
  const { name, commit, file, root } = place;
  await git(name, ['cat-file', '-e', `${commit}:${file}`], root);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'meterbridge-diff-')));
  try {
    const tree = join(folder, 'tree');
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    await git(name, ['read-tree', commit], root, env);
    await git(name, ['checkout-index', '--all', '--quiet', `--prefix=${tree}/`], root, env);
    linkPackages(place, tree);
    return await contractOfModule(pathToFileURL(join(tree, file)), name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The installed packages of each folder from the file up to the root, where the revision has none of its own. */
function linkPackages({ file, root }: Place, tree: string): void {
  let folder = dirname(file);
  for (;;) {
    const [installed, link] = [join(root, folder, 'node_modules'), join(tree, folder, 'node_modules')];
    if (existsSync(installed) && !exists(link)) {
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(realpathSync(installed), link, 'dir');
    }
    if (folder === '.') return;
    folder = dirname(folder);
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Arguments reach git as they are: no shell reads them. */
async function git(
  name: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const { stdout } = await run('git', [...args], { cwd, maxBuffer: mostBytes, env: { ...process.env, ...env } });
    return stdout;
  } catch (error) {
    const output = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : '';
    const [line = ''] = (output === '' ? messageOf(error) : output).split('\n');
    throw contractFileError(
      name,
      line,
      'git has the file at the revision',
      'correct the revision or the path, or fetch more history',
      error,
    );
  }
}
