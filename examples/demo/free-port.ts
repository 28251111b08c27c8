/** A port for a program that does not report its port when asked for port 0, or that must have the same one twice. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ephemeral ports of Linux (from 32,768) and others (from 49,152), which they assign for port 0 and for every
 * connection.
 */
const [FIRST, LAST] = [20_000, 32_767];

/** A port that is free now, and that the system assigns only to a program that asks for exactly this one. */
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
