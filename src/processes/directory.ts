/** The directory in which the processes of a program meet. It is ours alone: who can write there could make up numbers. */
import { lstatSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MeterbridgeError } from '../errors/error.ts';

/** `sun_path` of unix(7) has 108 bytes, with the NUL at its end. */
const mostPathBytes = 107;

/**
 * The directory of `processes`. `all`: below the system's directory for temporary files, by user, contract and program.
 * @throws OPTION_INVALID where it is no directory, belongs to another user, or others may enter it
 */
export function openDirectory(processes: string, contract: string, program: string, longestName: number): string {
  const path = processes === 'all' ? defaultDirectory(contract, program) : resolve(processes);
  if (Buffer.byteLength(path) + 1 + longestName > mostPathBytes) {
    const rule = `the path of a socket in it has at most ${mostPathBytes} bytes`;
    throw invalid(path, rule, `choose a directory of at most ${mostPathBytes - 1 - longestName} bytes`);
  }
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw invalid(path, 'it can be created', `create it, or choose another one (${String(error)})`);
  }
  const { uid, mode, isDirectory } = stateOf(path);
  if (!isDirectory) throw invalid(path, 'it is a directory, and no link', 'remove what is there, or choose another one');
  if (uid !== process.getuid?.()) throw invalid(path, 'it belongs to the user of this process', 'choose a directory of this user');
  if ((mode & 0o077) !== 0) throw invalid(path, 'only its user may enter it', `run: chmod 700 ${path}`);
  return path;
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
