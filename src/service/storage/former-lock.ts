/**
 * What earlier versions hold a directory by: a socket within it. It is held beside the other locks, so that a service of such a
 * version is refused, and refuses. Where no socket can be made, such a version does not start either.
 */
import { once } from 'node:events';
import { lstatSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';

export interface FormerLock {
  release(): Promise<void>;
}

const lockName = 'meterbridge.lock';
/** `sun_path` of unix(7) has 108 bytes, of other systems 104. */
const mostPathBytes = 103;
/** A holder whose event loop is busy says nothing for some time. */
const answerMs = 2_000;
/** Of a number: more is no answer. */
const mostAnswer = 20;
const none: FormerLock = { release: async () => {} };

/** Call it only while no other process of this version can. A text: the number of the process that has it, or nothing. */
export async function takeFormerLock(directory: string): Promise<FormerLock | string> {
  const place = await placeIn(directory);
  if (place === undefined) return none;
  const taken = await take(place.path).catch(() => undefined);
  if (taken !== undefined && typeof taken !== 'string') return { release: () => close(taken).finally(place.leave) };
  await place.leave();
  return taken ?? none;
}

/**
 * Takes nothing, so that it may be called at any time. What the process that has it says, which may be nothing. Undefined:
 * nothing listens there.
 */
export async function formerHolder(directory: string): Promise<string | undefined> {
  const place = await placeIn(directory);
  if (place === undefined) return undefined;
  const isSocket = statSync(place.path, { throwIfNoEntry: false })?.isSocket() === true;
  return await (isSocket ? holderOf(place.path) : Promise.resolve(undefined)).finally(place.leave);
}

/** Undefined: no socket can be made. */
async function take(path: string): Promise<Server | string | undefined> {
  const server = await listenAt(path);
  if (server !== undefined) return server;
  const holder = await holderOf(path);
  if (holder !== undefined) return holder;
  // Such a version takes away what nothing listens at, whatever it is.
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) await rm(path, { force: true });
  return listenAt(path);
}

/** Where the path of a socket is too long, Linux has a short one for each open directory. */
async function placeIn(directory: string): Promise<{ readonly path: string; leave(): Promise<void> } | undefined> {
  const path = join(directory, lockName);
  if (Buffer.byteLength(path) <= mostPathBytes) return { path, leave: async () => {} };
  if (process.platform !== 'linux') return undefined;
  const handle = await open(directory);
  return { path: join(`/proc/self/fd/${handle.fd}`, lockName), leave: () => handle.close() };
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
  socket.on('error', ({ code }: NodeJS.ErrnoException) =>
    resolve(code === 'ECONNREFUSED' || code === 'ENOENT' ? undefined : said),
  );
  const timer = setTimeout(resolve, answerMs, said);
  const holder = await promise;
  clearTimeout(timer);
  socket.destroy();
  return holder;
}
