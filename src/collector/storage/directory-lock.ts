/**
 * One process uses a directory at a time. Node.js has no flock, so a process that uses it listens at a socket within it, and says who it is. The socket of a
 * killed process is left, and nothing listens there: it is taken away.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { open, rename, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DirectoryLock {
  release(): Promise<void>;
}

class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
}

const lockName = 'meterbridge.lock';
/** `sun_path` of unix(7) has 108 bytes, of other systems 104. Less what a socket that is set aside has behind its name. */
const mostPathBytes = 94;
const againMs = 50;
/** A holder whose event loop is busy says nothing for some time. */
const answerMs = 2_000;
/** Of a number: more is no answer. */
const mostAnswer = 20;

/** @param waitMs how long it waits for another process to leave; at least one attempt is made */
export async function lockDirectory(directory: string, waitMs: number): Promise<DirectoryLock> {
  const place = await placeIn(directory);
  const { path } = place;
  const endBy = performance.now() + waitMs;
  try {
    for (;;) {
      const server = await listenAt(path);
      if (server !== undefined) return { release: () => close(server).finally(place.leave) };
      const holder = await holderOf(path);
      if (holder === undefined) await takeAway(path);
      else if (performance.now() >= endBy) throw inUse(directory, holder);
      else await sleep(againMs);
    }
  } catch (error) {
    await place.leave();
    throw error;
  }
}

/** Where the path of a socket is too long, Linux has a short one for each open directory. */
async function placeIn(directory: string): Promise<{ readonly path: string; leave(): Promise<void> }> {
  const path = join(directory, lockName);
  if (Buffer.byteLength(path) <= mostPathBytes) return { path, leave: async () => {} };
  if (process.platform !== 'linux')
    throw new Error(`${directory} is too long for a lock. Fix: write a path of at most ${mostPathBytes - 1 - lockName.length} bytes`);
  const handle = await open(directory);
  return { path: join(`/proc/self/fd/${handle.fd}`, lockName), leave: () => handle.close() };
}

function inUse(directory: string, holder: string): DirectoryInUse {
  const who = /^\d+$/.test(holder) ? `the process ${holder}` : 'another process';
  return new DirectoryInUse(`${directory} is in use by ${who}. Fix: end it, or write another directory`);
}

/** Undefined: something is at the path. */
async function listenAt(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(String(process.pid));
  });
  try {
    server.listen({ path, exclusive: true });
    await once(server, 'listening');
    return server.unref();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}

/** What the holder says, which may be nothing. Undefined: nothing listens there. */
async function holderOf(path: string): Promise<string | undefined> {
  const socket = createConnection({ path });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  let said = '';
  socket.setEncoding('latin1');
  socket.on('data', (text) => {
    said = `${said}${text}`.slice(0, mostAnswer);
  });
  socket.on('end', () => resolve(said));
  socket.on('close', () => resolve(said));
  socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED' || code === 'ENOENT' ? undefined : said));
  const timer = setTimeout(resolve, answerMs, said);
  const holder = await promise;
  clearTimeout(timer);
  socket.destroy();
  return holder;
}

/** Another process may have put its own socket there since it was looked at: that one is put back. */
async function takeAway(path: string): Promise<void> {
  const aside = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await holderOf(aside)) === undefined) await rm(aside, { force: true });
  else await rename(aside, path);
}
