/** The inventory in SQLite: hosts, what is known of their repositories, and open alerts. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JobKind, RepoStatus, Severity } from '../../instrumentation/restic-manager/index.ts';
import { openProcesses, type Processes } from '../left-behind.ts';
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

export interface FleetStore {
  /** A host that waits for being enrolled; returns its id. */
  announce(host: HostConfig): string;
  /** The next three say whether there is such a host. */
  enroll(id: string): boolean;
  rename(id: string, name: string): boolean;
  remove(id: string): boolean;
  /** By age. */
  hosts(): readonly Host[];
  host(id: string): Host | undefined;
  repoStatus(id: string, status: RepoStatus): void;
  measured(id: string, snapshots: number, bytes: number): void;
  backedUp(id: string, ok: boolean, at: number): void;
  raise(id: string, kind: JobKind, severity: Severity): void;
  resolve(id: string, kind: JobKind): void;
  alerts(): Readonly<Partial<Record<Severity, number>>>;
  /** Whether its repository is in the data folder, where nobody else writes. */
  owns(host: Host): boolean;
  readonly processes: Processes;
  close(): void;
}

const schema = `
  PRAGMA journal_mode = WAL;
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
const SELECT = 'SELECT *, (SELECT count(*) FROM alerts WHERE host = id) AS openAlerts FROM hosts';

/** Opens the database in `folder`, which is there already. At the first start `enrolled` are enrolled. */
export function openFleetStore(folder: string, enrolled: readonly HostConfig[], clock: () => number): FleetStore {
  const database = new DatabaseSync(join(folder, 'fleet.db'), { timeout: 2_000 });
  database.exec(schema);
  const announce = database.prepare('INSERT INTO hosts (id, name, folder, repo) VALUES (?, ?, ?, ?)');
  const enroll = database.prepare('UPDATE hosts SET enrolled = 1 WHERE id = ?');
  const rename = database.prepare('UPDATE hosts SET name = ? WHERE id = ?');
  const remove = database.prepare('DELETE FROM hosts WHERE id = ?');
  const all = database.prepare(`${SELECT} ORDER BY rowid`);
  const one = database.prepare(`${SELECT} WHERE id = ?`);
  const repoStatus = database.prepare('UPDATE hosts SET repoStatus = ? WHERE id = ?');
  const measured = database.prepare('UPDATE hosts SET snapshots = ?, repoBytes = ? WHERE id = ?');
  const backedUp = database.prepare('UPDATE hosts SET lastBackupOk = ?, lastBackupMs = ? WHERE id = ?');
  // Of a host that was removed while its job ran there is nothing to raise.
  const raise = database.prepare('INSERT OR REPLACE INTO alerts SELECT id, ?, ? FROM hosts WHERE id = ?');
  const resolve = database.prepare('DELETE FROM alerts WHERE host = ? AND kind = ?');
  const alerts = database.prepare('SELECT severity, count(*) AS open FROM alerts GROUP BY severity');

  const ownRepo = (id: string) => join(folder, 'repos', id);

  const store = Object.freeze({
    announce({ name, folder: source, repo }) {
      const id = ulid(clock());
      announce.run(id, name, source, repo ?? ownRepo(id));
      return id;
    },
    enroll: (id) => enroll.run(id).changes === 1,
    rename: (id, name) => rename.run(name, id).changes === 1,
    remove: (id) => remove.run(id).changes === 1,
    hosts: () => all.all() as unknown as Host[],
    host: (id) => one.get(id) as Host | undefined,
    repoStatus: (id, status) => void repoStatus.run(status, id),
    measured: (id, snapshots, bytes) => void measured.run(snapshots, bytes, id),
    backedUp: (id, ok, at) => void backedUp.run(Number(ok), at, id),
    raise: (id, kind, severity) => void raise.run(kind, severity, id),
    resolve: (id, kind) => void resolve.run(id, kind),
    alerts: () => Object.fromEntries(alerts.all().map(({ severity, open }) => [severity, open])),
    owns: ({ id, repo }) => repo === ownRepo(id),
    processes: openProcesses(database),
    close: () => database.close(),
  } satisfies FleetStore);
  if (store.hosts().length === 0) for (const host of enrolled) store.enroll(store.announce(host));
  return store;
}

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 48 bits of time, then 80 of chance, in Crockford's base 32 (github.com/ulid/spec). */
function ulid(now: number): string {
  let bits = (BigInt(now) << 80n) | BigInt(`0x${randomBytes(10).toString('hex')}`);
  let text = '';
  for (; text.length < 26; bits >>= 5n) text = digits[Number(bits & 31n)] + text;
  return text;
}
