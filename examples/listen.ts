/** Opens a host's main listener, and reports with the user's names why it cannot be opened. */
import type { FastifyInstance } from 'fastify';
import { MeterbridgeError, type Problem } from '../src/index.ts';

/** The user's names for the two. */
interface Settings {
  readonly host: string;
  readonly port: string;
}

/** Returns the listener's URL. @throws MeterbridgeError `LISTEN_FAILED` */
export function openMain(app: FastifyInstance, given: { host: string; port: number }, settings: Settings): Promise<string> {
  const { host, port } = given;
  return app.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
    throw new MeterbridgeError('LISTEN_FAILED', [problemOf(cause.code, given, settings)], { cause });
  });
}

function problemOf(code: string | undefined, given: { host: string; port: number }, settings: Settings): Problem {
  const port = { at: settings.port, got: String(given.port) };
  if (code === 'EADDRINUSE') return { ...port, rule: 'the port must be free', fix: 'stop what listens there, or choose another' };
  if (code === 'EACCES') return { ...port, rule: 'this user may open the port', fix: 'choose one above 1023' };
  const rule = `it can be listened at (${code})`;
  return { at: settings.host, got: JSON.stringify(given.host), rule, fix: 'write an address of this machine' };
}
