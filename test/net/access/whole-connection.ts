/** All that a server says on one connection, and whether two paths can be told apart by it. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { END, type Odd, oddRequests } from './odd-requests.ts';

/** In a pause an answer may come ahead of the next piece; there need not be one. */
const pauseMs = 10;

/** The bytes that come back, up to the connection's end. One that does not end is an error. */
export async function wholeConnection(port: number, pieces: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (bytes: string) => {
    received += bytes;
  });
  // A server that closes while something is on its way to it resets the connection.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  try {
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) await sleep(pauseMs);
      if (piece !== END) socket.write(piece, 'latin1');
      else {
        await until(`an answer to ${JSON.stringify(pieces)}`, () => received !== '' || socket.closed);
        socket.end();
      }
    }
    await Promise.race([closed, until(`the end of the connection after ${JSON.stringify(received)}`, () => socket.closed)]);
  } finally {
    socket.destroy();
  }
  return received;
}

/** Without what names the moment, and without the path, whose first letter may be written otherwise. */
function masked(answers: string, path: string): string {
  return answers
    .replace(/^date: .*\r$/gim, 'date: …\r')
    .replace(/^x-request-id: [0-9a-f]{16}\r$/gim, 'x-request-id: …\r')
    .replaceAll(path.slice(2), '…')
    .replaceAll(path.slice(2).toUpperCase(), '…');
}

/** How often two paths must differ to be told apart: a reset can swallow what was sent ahead of it, on either. */
const times = 4;
const atOnce = 8;

/** For which sequences of bytes two paths of one length are answered otherwise. */
export async function differences(port: number, hidden: string, unknown: string, by: string): Promise<string[]> {
  const others = oddRequests(unknown, by);
  const pairs = oddRequests(hidden, by).map((odd, at): [Odd, Odd] => [odd, others[at] as Odd]);
  const found: string[] = [];
  const rest = pairs.values();
  async function inTurn(): Promise<void> {
    for (const [[name, ...pieces], [, ...likewise]] of rest) {
      const seen = await outcomes(port, hidden, pieces, unknown, likewise);
      if (seen !== undefined) found.push(`${name}: ${JSON.stringify(seen)}`);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, inTurn));
  return found;
}

/** What was answered, where that never was the same. */
async function outcomes(port: number, hidden: string, pieces: readonly string[], unknown: string, likewise: readonly string[]) {
  let seen: [string, string] | undefined;
  for (let time = 0; time < times; time++) {
    const answers = await Promise.all([wholeConnection(port, pieces), wholeConnection(port, likewise)]);
    seen = [masked(answers[0], hidden), masked(answers[1], unknown)];
    if (seen[0] === seen[1]) return undefined;
  }
  return seen;
}
