/** Sessions: each has a folder of files, an owner, and a time of expiry after its last use. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionReading } from '../../instrumentation/wasmrun/index.ts';
import type { WasmrunConfig } from './config.ts';

export interface Session {
  readonly id: string;
  /** Undefined in open mode. */
  readonly tenant: string | undefined;
  readonly folder: string;
  readonly createdAt: number;
}

export type Sessions = Awaited<ReturnType<typeof openSessions>>;

type Limits = Pick<WasmrunConfig, 'sessionTimeoutMs' | 'maxSessions' | 'memoryCapPages'>;

const ID_BYTES = 16;

/**
 * The files are in a new folder below the system's temporary one: like upstream's, sessions do not survive a restart. They expire
 * by `stopwatch`, which never goes back.
 */
export async function openSessions(
  { sessionTimeoutMs, maxSessions, memoryCapPages }: Limits,
  clock: () => number,
  stopwatch = clock,
) {
  const root = await mkdtemp(join(tmpdir(), 'wasmrun-agent-'));
  const sessions = new Map<string, Session & { usedAt: number }>();
  const isExpired = ({ usedAt }: { usedAt: number }) => stopwatch() - usedAt > sessionTimeoutMs;

  async function destroy({ id, folder }: Session): Promise<void> {
    sessions.delete(id);
    await rm(folder, { recursive: true, force: true });
  }

  return Object.freeze({
    /** Undefined when there are as many as allowed. */
    async create(tenant: string | undefined): Promise<Session | undefined> {
      const active = [...sessions.values()].filter((session) => !isExpired(session));
      if (active.length >= maxSessions) return undefined;
      const id = randomBytes(ID_BYTES).toString('hex');
      const session = { id, tenant, folder: join(root, id), createdAt: clock(), usedAt: stopwatch() };
      sessions.set(id, session);
      await mkdir(session.folder, { mode: 0o700 });
      return session;
    },
    /** A session of this tenant's, which is used now. `expired`: it was too late, and its files go soon. */
    use(id: string, tenant: string | undefined): Session | 'expired' | undefined {
      const session = sessions.get(id);
      // Another tenant's session counts as unknown, so that its id stays hidden.
      if (session === undefined || session.tenant !== tenant) return undefined;
      if (isExpired(session)) return 'expired';
      session.usedAt = stopwatch();
      return session;
    },
    destroy,
    /** Removes those that have expired, files and all. */
    async cleanUp(): Promise<void> {
      await Promise.all([...sessions.values()].filter(isExpired).map(destroy));
    },
    /** As they are on disk now. */
    readings: (): Promise<readonly SessionReading[]> =>
      Promise.all(
        [...sessions.values()].map(async (session) => {
          const expired = isExpired(session);
          return { id: session.id, expired, diskBytes: expired ? 0 : await sizeOf(session.folder), memoryCapPages };
        }),
      ),
    /** Removes everything. */
    async close(): Promise<void> {
      sessions.clear();
      await rm(root, { recursive: true, force: true });
    },
  });
}

/** A file or folder that goes while it is looked at has no size. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(ifGone<string[]>([]));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name)).catch(ifGone({ size: 0 }))).size));
  return sizes.reduce((total, size) => total + size, 0);
}

function ifGone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
