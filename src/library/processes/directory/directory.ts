/**
 * The directory that the processes of a program share. Only this user may write to it: anyone else who can could forge numbers.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MeterbridgeError } from '../../../core/errors/error.ts';
import { makeDirectory } from '../../../core/node/make-directory.ts';

/** `sun_path` of unix(7) has 108 bytes, with the NUL at its end. */
const mostPathBytes = 107;

/** Directories beside the first one, below the system's for temporary files: there anyone can take a name. */
const mostOthers = 9;

/**
 * The directory of `processes`. `all`: below the system's directory for temporary files, by user, contract and program.
 * Undefined: `all`, and other users have all names, or none can be made.
 * @throws OPTION_INVALID where a given one is no directory, belongs to another user, or others may enter it
 */
export function openDirectory(processes: string, contract: string, program: string, longestName: number): string | undefined {
  const path = processes === 'all' ? defaultDirectory(contract, program) : resolve(processes);
  const names = [path, ...(processes === 'all' ? Array.from({ length: mostOthers }, (_, at) => `${path}-${at + 1}`) : [])];
  const longest = Buffer.byteLength(names.at(-1) as string) + 1 + longestName;
  if (longest > mostPathBytes) {
    const rule = `the path of a socket in it has at most ${mostPathBytes} bytes`;
    throw invalid(path, rule, `choose a directory of at most ${mostPathBytes - 1 - longestName} bytes`);
  }
  // Where the first name is free again, the program's processes are still in another one.
  const opened = names.length === 1 ? made(path) : (names.find(isInUse) ?? names.find(canBeMade));
  if (opened === undefined) return undefined;
  const { uid, mode, isDirectory } = stateOf(opened);
  if (!isDirectory) throw invalid(opened, 'it is a directory, and no link', 'remove what is there, or choose another one');
  if (uid !== process.getuid?.())
    throw invalid(opened, 'it belongs to the user of this process', 'choose a directory of this user');
  if ((mode & 0o077) !== 0) throw invalid(opened, 'only its user may enter it', `run: chmod 700 ${opened}`);
  return opened;
}

/** Whether there is a directory of this process's user, and no link to one. */
export function isOurs(path: string): boolean {
  try {
    const { uid, isDirectory } = stateOf(path);
    return isDirectory && uid === process.getuid?.();
  } catch {
    return false;
  }
}

const isInUse = (path: string) => isOurs(path) && readdirSync(path).length > 0;

function canBeMade(path: string): boolean {
  try {
    return isOurs(made(path));
  } catch {
    return false;
  }
}

function made(path: string): string {
  try {
    makeDirectory(path, 0o700);
    return path;
  } catch (error) {
    throw invalid(path, 'it can be created', `create it, or choose another one (${String(error)})`);
  }
}

function defaultDirectory(contract: string, program: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { tmpdir } = process.getBuiltinModule('node:os');
  const hash = createHash('sha256').update(program).update('\0').update(contract).digest('hex').slice(0, 12);
  return join(tmpdir(), `meterbridge-${process.getuid?.()}-${contract.slice(0, 16)}-${hash}`);
}

function stateOf(path: string): { readonly uid: number; readonly mode: number; readonly isDirectory: boolean } {
  const stats = lstatSync(path);
  return { uid: stats.uid, mode: stats.mode, isDirectory: stats.isDirectory() };
}

function invalid(path: string, rule: string, fix: string): MeterbridgeError {
  return new MeterbridgeError('OPTION_INVALID', [{ at: 'options.processes', got: JSON.stringify(path), rule, fix }]);
}
