/** What somebody may leave in the directory of several processes, which is no record of theirs. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { crc32 } from 'node:zlib';
import { encodeHead, type RecordHead } from '../../../src/library/processes/record/record.ts';

const nothing = { schema: Buffer.from('[]'), values: new Float64Array(0) };
const goodHead: RecordHead = { inherited: [], slot: 1, schema: Buffer.from('[]'), retired: nothing };
/** "MB" and version 3. */
export const format = 0x4d42_0003;

/**
 * A record's file: the length of its head, its format, the head, and twice its values between a number and the CRC-32 of all
 * that, without the other values.
 */
export function recordFile({
  head = {},
  word = format,
  values = [],
}: {
  head?: object;
  word?: number;
  values?: number[];
}): Buffer {
  const bytes = encodeHead({ ...goodHead, ...head } as RecordHead);
  const beginning = Buffer.alloc(8);
  beginning.writeUInt32LE(bytes.length);
  beginning.writeUInt32LE(word, 4);
  const area = Buffer.from(Float64Array.from([1, ...values]).buffer);
  const check = Buffer.alloc(8);
  check.writeDoubleLE(crc32(Buffer.concat([beginning, bytes, area])));
  return Buffer.concat([beginning, bytes, area, check, area, check]);
}

const counter = { name: 'shop.orders', unit: '', help: 'Orders.', kind: 'counter', labels: [] };
const schemaOf = (families: unknown) => ({
  schema: Buffer.from(typeof families === 'string' ? families : JSON.stringify(families)),
});
/** One series: its start, and 99 orders. */
const orders = { head: schemaOf([{ scope: { name: 'shop' }, spec: counter, rows: [[[], []]] }]), values: [1, 99] };

/** A good one. */
export const ordersFile = (more: Partial<RecordHead> = {}): Buffer =>
  recordFile({ ...orders, head: { ...orders.head, ...more } });

/** By what they are: made at a path that does not exist yet. */
export const files: Readonly<Record<string, (path: string) => void>> = {
  'no bytes': (path) => writeFileSync(path, ''),
  'bytes of anything': (path) => writeFileSync(path, Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 7_919) % 251))),
  zeros: (path) => writeFileSync(path, Buffer.alloc(64)),
  'a record of another version': (path) => writeFileSync(path, recordFile({ ...orders, word: format + 1 })),
  'the beginning of a record': (path) => writeFileSync(path, recordFile(orders).subarray(0, 60)),
  'a record whose head is no JSON': (path) => writeFileSync(path, recordFile({ head: { inherited: { toJSON: () => 'x' } } })),
  'a record whose schema is no JSON': (path) => writeFileSync(path, recordFile({ head: schemaOf('[{') })),
  'a record with another schema': (path) => writeFileSync(path, recordFile({ head: schemaOf([{ x: 1 }]) })),
  'a record of an unknown kind': (path) =>
    writeFileSync(
      path,
      recordFile({ ...orders, head: schemaOf([{ scope: { name: 'shop' }, spec: { ...counter, kind: 'x' }, rows: [[[], []]] }]) }),
    ),
  'a record with fewer values than series': (path) => writeFileSync(path, recordFile({ ...orders, values: [1] })),
  'a record with more values than series': (path) => writeFileSync(path, recordFile({ ...orders, values: [1, 99, 1, 99] })),
  'a directory': (path) => mkdirSync(path),
  'a FIFO': (path) => void execFileSync('mkfifo', [path]),
  'a link to an endless file': (path) => symlinkSync('/dev/zero', path),
  'a link to a record': (path) => {
    writeFileSync(`${path}.target`, recordFile(orders));
    symlinkSync(`${path}.target`, path);
  },
  'a file of more than 64 MiB': (path) => {
    writeFileSync(path, recordFile(orders));
    truncateSync(path, 64 * 1024 * 1024 + 8);
  },
};

/** Only root can give files away. */
export const isRoot = process.getuid?.() === 0;
export const otherUser = 12_345;

export function recordOfOther(path: string): void {
  writeFileSync(path, recordFile(orders), { mode: 0o644 });
  chownSync(path, otherUser, otherUser);
}

/** An answer: its length, the version of its head, the head's length, its format, the head, the values. */
function answer({ head = encodeHead(goodHead), word = format, values = [] as number[], length = 0 }): Buffer {
  const prelude = Buffer.alloc(16);
  const rest = Buffer.concat([head, Buffer.from(Float64Array.from(values).buffer)]);
  prelude.writeUInt32LE(length === 0 ? prelude.length + rest.length : length, 0);
  prelude.writeUInt32LE(1, 4);
  prelude.writeUInt32LE(head.length, 8);
  prelude.writeUInt32LE(word, 12);
  return Buffer.concat([prelude, rest]);
}

function sendForEver(socket: Socket, bytes: Buffer): void {
  const send = () => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', send);
  send();
}

/** By what they do with a connection. */
export const sockets: Readonly<Record<string, (socket: Socket) => void>> = {
  'answers bytes of anything': (socket) => void socket.write(Buffer.alloc(100, 0x7b)),
  'answers four bytes': (socket) => void socket.write(Buffer.from([16, 0, 0, 0])),
  'answers a length of 0': (socket) => void socket.write(Buffer.alloc(16)),
  'answers a record of another version': (socket) => void socket.write(answer({ word: format + 1 })),
  'answers a head that is none': (socket) => void socket.write(answer({ head: Buffer.alloc(64, 0xff) })),
  'answers a head with another schema': (socket) =>
    void socket.write(answer({ head: encodeHead({ ...goodHead, ...schemaOf([{ x: 1 }]) }) })),
  'answers values without series': (socket) => void socket.write(answer({ values: [1, 2, 3] })),
  'answers values of no head': (socket) => void socket.write(answer({ head: Buffer.alloc(0), values: [1] })),
  'answers more than it has said': (socket) => void socket.write(Buffer.concat([answer({}), Buffer.alloc(100)])),
  'answers without an end': (socket) => sendForEver(socket, Buffer.alloc(65_536, 0x10)),
  'answers a record without an end': (socket) => sendForEver(socket, answer({})),
  'says that 64 MiB follow': (socket) => void socket.write(answer({ length: 64 * 1024 * 1024 })),
  'never answers': () => {},
};

export async function listenAt(t: TestContext, path: string, answers: (socket: Socket) => void): Promise<Server> {
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket.on('error', () => {}));
    answers(socket);
  });
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  t.after(() => {
    server.close();
    for (const connection of connections) connection.destroy();
  });
  return server;
}

/** Names as processes give them: the one of a process that began in 1970. */
export const junkId = (at: number): string => `000000000${at.toString(16).padStart(12, '0')}`;
export const junkPath = (directory: string, at: number, ending: 'bin' | 'sock'): string =>
  join(directory, `${junkId(at)}.${ending}`);
