/** Opens a server at the path of a Unix socket. */
import { once } from 'node:events';
import { type BigIntStats, existsSync, linkSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Bindable, backlog } from './bind.ts';
import { listenFailed } from './listen-failed.ts';

/** A server that has its file and does not listen yet refuses connections, too. */
const secondLookMs = 50;

/**
 * The file's mode follows the umask, and closing the server removes it. The file of a program that has ended without removing it
 * is replaced; one at which a server listens never is. Rejects with LISTEN_FAILED, and has closed the server then.
 */
export async function bindSocket(bindable: Bindable, path: string, at: string): Promise<void> {
  const { server } = bindable;
  const listen = async (): Promise<void> => {
    server.listen({ path, backlog });
    await once(server, 'listening');
  };
  try {
    await listen().catch(async (error: unknown) => {
      if (codeOf(error) !== 'EADDRINUSE' || !(await removeDead(path))) throw error;
      await listen();
    });
  } catch (error) {
    await bindable.close(0);
    throw failed(path, at, error);
  }
}

function failed(path: string, at: string, error: unknown): Error {
  const code = codeOf(error);
  if (code === 'EADDRINUSE') {
    const rule = statOf(path)?.isSocket() === false ? 'the file there is no socket' : 'another server listens there';
    return listenFailed(at, path, rule, 'stop what uses the path, or choose another one', error);
  }
  // The system's ENOENT arrives as EACCES.
  if (!existsSync(dirname(path))) return listenFailed(at, path, 'its folder exists', 'create the folder first', error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return listenFailed(at, path, 'this user may create a file there', 'choose a folder that belongs to this user', error);
  return listenFailed(at, path, `the socket can be created (${String(code ?? error)})`, 'see the cause', error);
}

/** True: a socket stood there at which nothing listens, and its file is gone. */
async function removeDead(path: string): Promise<boolean> {
  const before = statOf(path);
  if (before?.isSocket() !== true || (await isAnswered(path))) return false;
  await setTimeout(secondLookMs);
  if (await isAnswered(path)) return false;
  // Another program may replace the file at this moment: the moved file is looked at again.
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    const taken = statOf(aside);
    const same = taken?.ino === before.ino && taken.mtimeNs === before.mtimeNs;
    if (!same) linkSync(aside, path);
    return same;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Everything but a refused connection means that a server listens: one with a full backlog is at work. */
async function isAnswered(path: string): Promise<boolean> {
  const socket = createConnection(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    return codeOf(error) !== 'ECONNREFUSED' && codeOf(error) !== 'ENOENT';
  } finally {
    socket.destroy();
  }
}

function statOf(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
