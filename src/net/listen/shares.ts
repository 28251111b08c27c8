/**
 * The work that requests may have of this thread, whichever server they come to. The first ones of a turn of the event loop begin
 * as they come. Those beyond wait, and begin in the order of `in-turn.ts`: a connection that asks for much has its share as long
 * as others wait, and all there is once none does.
 *
 * A connection of HTTP/1 is read in slices, none while its own requests wait: Node.js reads 64 KiB at a time, which can be
 * thousands of requests, and takes long to give up so many when their client leaves. Over HTTP/2, a connection's requests at a
 * time are limited, and so are those that it cancels; connections that are new begin one a turn, behind the requests of the
 * others.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { createInTurn } from './in-turn.ts';

/** Requests of a turn that begin as they come, of all connections together. */
const atOnce = 32;
/** Those that wait have so many milliseconds of a turn. */
const turnMs = 4;
/** Once so many more requests wait, no other connection is read in this turn. */
const mostOfTurn = 512;
/** Of what a connection has sent, unless it is known to be the body of one request. */
const sliceBytes = 4_096;
/** The same while many requests wait: these are a few requests of each connection. */
const [many, smallSliceBytes] = [512, 512];
/** What a request that waits takes. */
const requestBytes = 4_096;
/** What has been read of all connections, and waits. One that would add to more ends. */
const mostUnread = 64 * 1_048_576;

/** What is known of a connection of HTTP/1. */
interface Reading {
  readonly socket: Socket;
  readonly feed: (chunk: Buffer) => void;
  /** Bytes that are read, and wait. */
  unread: number;
  /** The next bytes that are sure to be a body's. */
  body: number;
}

const waiting = createInTurn<() => void>();
/** Of HTTP/2. */
const arriving = createInTurn<() => void>();
/** Those that were heard last behind the others. */
const readings = new Map<Socket, Reading>();
/** They are not read until the end of the turn, or until their requests have begun. */
const held = new Set<Socket>();
let [begun, added, queued, unread] = [0, 0, 0, 0];
let [isDue, isSettling] = [false, false];
/** The last one that came over HTTP/1. */
let newest: IncomingMessage | undefined;

/** Call it for each connection of HTTP/1 once the server has seen it. */
export function readInShares(socket: Socket): void {
  const listeners = socket.listeners('data') as ((chunk: Buffer) => void)[];
  const [parse] = listeners;
  // Another runtime may read by other means.
  if (parse === undefined || listeners.length > 1) return;
  const reading = { socket, feed: parse.bind(socket), unread: 0, body: 0 };
  readings.set(socket, reading);
  socket.off('data', parse);
  socket.on('data', (chunk: Buffer) => take(reading, chunk));
  socket.once('close', () => {
    unread -= reading.unread;
    reading.unread = 0;
    endShare(socket);
    readings.delete(socket);
    held.delete(socket);
  });
}

/** The connection has ended: what waits of it does not begin. */
export function endShare(connection: object): void {
  queued -= waiting.count(connection);
  waiting.drop(connection);
}

/** Bytes of what waits, of all servers of this thread. */
export function bytesThatWait(): number {
  return unread + queued * requestBytes;
}

/**
 * Begins the work of a request, now or when it is its connection's turn. By then the client may have left.
 * @param request over HTTP/1
 */
export function inItsShare(connection: object, request: IncomingMessage | undefined, work: () => void): void {
  newest = request;
  turnSoon();
  if (queued === 0 && begun < atOnce) {
    begun++;
    work();
    return;
  }
  waiting.add(connection, work);
  queued++;
  const reading = readings.get(connection as Socket);
  if (reading !== undefined) {
    // Those over HTTP/2 do not count: that these are not read makes none of them fewer.
    added++;
    readings.delete(reading.socket);
    readings.set(reading.socket, reading);
  }
  if (added === mostOfTurn) for (const socket of readings.keys()) pause(socket);
  settleLater();
}

/**
 * Begins a connection of HTTP/2 whose first bytes have come, which may be hundreds of calls. It may have ended by then. The bytes
 * stay in the socket, and count.
 */
export function beginInTurn(socket: Socket, begin: () => void): void {
  const bytes = socket.readableLength;
  if (unread + bytes > mostUnread) {
    socket.destroy();
    return;
  }
  unread += bytes;
  arriving.add(socket, () => {
    unread -= bytes;
    begin();
  });
  turnSoon();
}

function take(reading: Reading, chunk: Buffer): void {
  const { socket } = reading;
  unread -= reading.unread;
  reading.unread = 0;
  if (mustWait(socket)) {
    keep(reading, chunk);
    return;
  }
  const size = Math.max(queued >= many ? smallSliceBytes : sliceBytes, reading.body);
  const slice = chunk.length <= size ? chunk : chunk.subarray(0, size);
  newest = undefined;
  reading.feed(slice);
  reading.body = bodyBehind(slice, reading.body);
  if (slice.length < chunk.length && !socket.destroyed) keep(reading, chunk.subarray(size));
}

function mustWait(socket: Socket): boolean {
  return waiting.count(socket) > 0 || added >= mostOfTurn;
}

/** Until the requests that have come have begun. */
function keep(reading: Reading, rest: Buffer): void {
  const { socket } = reading;
  if (unread + rest.length > mostUnread) {
    socket.destroy();
    return;
  }
  reading.unread = rest.length;
  unread += rest.length;
  // Ahead of `unshift`, which would hand it out at once.
  socket.pause();
  socket.unshift(rest);
  if (mustWait(socket)) {
    held.add(socket);
    settleLater();
  } else socket.resume();
}

function bodyBehind(slice: Buffer, before: number): number {
  if (newest === undefined) return Math.max(0, before - slice.length);
  const length = newest.complete ? 0 : Number(newest.headers['content-length'] ?? 0);
  return Math.max(0, length - slice.length);
}

function pause(socket: Socket): void {
  // One that waits for its reader is not ours to go on with.
  if (socket.isPaused()) return;
  socket.pause();
  held.add(socket);
}

function turnSoon(): void {
  if (isDue) return;
  isDue = true;
  setImmediate(turn);
}

function turn(): void {
  isDue = false;
  begun = 0;
  added = 0;
  goOn(performance.now() + turnMs);
}

/** What a request begins goes on in ticks, which its time has to include. */
function goOn(end: number): void {
  const next = performance.now() < end ? waiting.take() : undefined;
  if (next === undefined) {
    arriving.take()?.thing();
    if (!arriving.isEmpty) turnSoon();
    return;
  }
  queued--;
  try {
    next.thing();
  } finally {
    process.nextTick(goOn, end);
  }
}

function settleLater(): void {
  if (isSettling) return;
  isSettling = true;
  setImmediate(settle);
}

/** Behind the ticks of the turn. */
function settle(): void {
  isSettling = false;
  added = 0;
  for (const socket of held) {
    if (waiting.count(socket) > 0) continue;
    held.delete(socket);
    socket.resume();
  }
  if (queued === 0) return;
  turnSoon();
  settleLater();
}
