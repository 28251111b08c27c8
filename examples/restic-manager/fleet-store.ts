/** The inventory in SQLite: hosts, what is known of their repositories, and open alerts. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { JobKind, RepoStatus, Severity } from '../../instrumentation/restic-manager/index.ts';
import { openDatabase } from '../database.ts';
import { openProcesses } from '../left-behind.ts';
import type { HostConfig } from './config.ts';

export interface Host {
  /** ULID. */
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly repo: string;
  /** 0: it has only announced itself. */
  readonly enrolled: 0 | 1;
  readonly repoStatus: RepoStatus;
  readonly lastBackupMs: number | null;
  readonly lastBackupOk: 0 | 1 | null;
  readonly repoBytes: number | null;
  readonly snapshots: number;
  readonly openAlerts: number;
}

export type FleetStore = ReturnType<typeof openFleetStore>;

export const DATABASE_NAME = 'fleet.db';

const schema = `
  CREATE TABLE IF NOT EXISTS hosts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    folder TEXT NOT NULL,
    repo TEXT NOT NULL,
    enrolled INTEGER NOT NULL DEFAULT 0,
    repoStatus TEXT NOT NULL DEFAULT 'unknown',
    lastBackupMs INTEGER,
    lastBackupOk INTEGER,
    repoBytes INTEGER,
    snapshots INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE IF NOT EXISTS alerts (
    host TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    PRIMARY KEY (host, kind)
  ) STRICT;
`;
/** Opens the database in `folder`. At the first start `enrolled` are enrolled. */
export function openFleetStore(folder: string, enrolled: readonly HostConfig[], clock: () => number) {
  const sql = openDatabase(folder, DATABASE_NAME, schema);
  const hosts = () =>
    sql.all`SELECT *, (SELECT count(*) FROM alerts WHERE host = id) AS openAlerts FROM hosts ORDER BY rowid` as unknown as readonly Host[];
  const ownRepo = (id: string) => join(folder, 'repos', id);
  const changed = ({ changes }: { changes: number | bigint }) => changes === 1;

  const store = Object.freeze({
    /** Adds a host that waits to be enrolled; returns its id. */
    announce({ name, folder: source, repo }: HostConfig): string {
      const id = ulid(clock());
      sql.run`INSERT INTO hosts (id, name, folder, repo) VALUES (${id}, ${name}, ${source}, ${repo ?? ownRepo(id)})`;
      return id;
    },
    /** The next three return whether there is such a host. */
    enroll: (id: string) => changed(sql.run`UPDATE hosts SET enrolled = 1 WHERE id = ${id}`),
    rename: (id: string, name: string) => changed(sql.run`UPDATE hosts SET name = ${name} WHERE id = ${id}`),
    remove: (id: string) => changed(sql.run`DELETE FROM hosts WHERE id = ${id}`),
    /** By age. */
    hosts,
    host: (id: string) => hosts().find((host) => host.id === id),
    repoStatus: (id: string, status: RepoStatus) => void sql.run`UPDATE hosts SET repoStatus = ${status} WHERE id = ${id}`,
    measured(id: string, snapshots: number, bytes: number): void {
      sql.run`UPDATE hosts SET snapshots = ${snapshots}, repoBytes = ${bytes} WHERE id = ${id}`;
    },
    backedUp(id: string, ok: boolean, at: number): void {
      sql.run`UPDATE hosts SET lastBackupOk = ${Number(ok)}, lastBackupMs = ${at} WHERE id = ${id}`;
    },
    /** A host that was removed while its job ran gets no alert. */
    raise(id: string, kind: JobKind, severity: Severity): void {
      sql.run`INSERT OR REPLACE INTO alerts SELECT id, ${kind}, ${severity} FROM hosts WHERE id = ${id}`;
    },
    resolve: (id: string, kind: JobKind) => void sql.run`DELETE FROM alerts WHERE host = ${id} AND kind = ${kind}`,
    alerts(): Readonly<Partial<Record<Severity, number>>> {
      const counts = sql.all`SELECT severity, count(*) AS open FROM alerts GROUP BY severity`;
      return Object.fromEntries(counts.map(({ severity, open }) => [severity, open]));
    },
    /** Whether its repository is in the data folder, where no other program writes. */
    owns: ({ id, repo }: Host) => repo === ownRepo(id),
    processes: openProcesses(sql.db),
    close: () => sql.db.close(),
  });
  if (hosts().length === 0) for (const host of enrolled) store.enroll(store.announce(host));
  return store;
}

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 48 bits of time, then 80 random bits, in Crockford's base 32 (github.com/ulid/spec). */
function ulid(now: number): string {
  let bits = (BigInt(now) << 80n) | BigInt(`0x${randomBytes(10).toString('hex')}`);
  let text = '';
  for (; text.length < 26; bits >>= 5n) text = digits[Number(bits & 31n)] + text;
  return text;
}
