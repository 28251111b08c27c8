/** A port for a program that cannot tell which one it got when asked for port 0, or that must have the same one twice. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below those that Linux (from 32,768) and others (from 49,152) give away by themselves, to who asks for port 0 and to every connection. */
const [FIRST, LAST] = [20_000, 32_767];

/** Free now, and given away by nobody until somebody asks for just this one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
