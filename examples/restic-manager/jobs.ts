/** What is done for each host, one job at a time: rounds of backup, forget and check, and jobs on request between them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobKind, JobStatus, Severity } from '../../instrumentation/restic-manager/index.ts';
import type { Bookkeeping } from '../bookkeeping.ts';
import type { ResticManagerConfig } from './config.ts';
import type { FleetStore, Host } from './fleet-store.ts';
import type { Restic } from './restic.ts';

export type Jobs = ReturnType<typeof createJobs>;

/** The jobs that a request may start. */
export const askedKinds = ['backup', 'forget', 'prune', 'check', 'unlock'] as const;
export type AskedKind = (typeof askedKinds)[number];

/** The severity of the alert when a job fails. */
const severities = {
  backup: 'warning',
  forget: 'info',
  prune: 'info',
  check: 'critical',
  unlock: 'info',
  init: 'critical',
} as const satisfies Partial<Record<JobKind, Severity>>;
type Kind = keyof typeof severities;

export function createJobs(
  { everyMs, keep }: ResticManagerConfig,
  store: FleetStore,
  books: Bookkeeping,
  restic: Restic,
  log: (line: string) => void,
  onFinished: (kind: JobKind, status: JobStatus, seconds: number) => void,
) {
  const stopping = new AbortController();
  let running: { readonly id: string; readonly job: AbortController } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const waiting = new Set<string>();

  function commandOf(kind: Kind, host: Host): readonly string[] {
    if (kind === 'backup') return ['backup', '--host', host.id, '--', host.folder];
    // Only one job runs at a time, so a lock in a repository of our own is stale. Without the flag restic keeps a lock of another
    // host name (a container's), or of a zombie, for 30 minutes.
    if (kind === 'unlock' && store.owns(host)) return ['unlock', '--remove-all'];
    return kind === 'forget' ? ['forget', '--keep-last', String(keep)] : [kind];
  }

  async function run(host: Host, kind: Kind, signal: AbortSignal): Promise<boolean> {
    const from = performance.now();
    const { ok, lastLine } = await restic.run(host.repo, commandOf(kind, host), signal);
    const status: JobStatus = ok ? 'succeeded' : signal.aborted ? 'cancelled' : 'failed';
    const seconds = (performance.now() - from) / 1_000;
    onFinished(kind, status, seconds);
    log(`${JSON.stringify(host.name)}: ${kind} ${status} in ${seconds.toFixed(1)} s${ok ? '' : ` (${lastLine})`}`);
    if (status === 'cancelled') return false;
    if (ok) store.resolve(host.id, kind);
    else store.raise(host.id, kind, severities[kind]);
    if (kind === 'backup') store.backedUp(host.id, ok, Date.now());
    if (kind === 'init') store.repoStatus(host.id, ok ? 'ready' : 'init_failed');
    return ok;
  }

  /** An earlier start, which was interrupted, may have made the repository. */
  async function isReady(host: Host, signal: AbortSignal): Promise<boolean> {
    if (host.repoStatus === 'ready') return true;
    const there = (await restic.measure(host.repo, signal)) !== undefined;
    if (there) store.repoStatus(host.id, 'ready');
    return there || (!signal.aborted && run(host, 'init', signal));
  }

  async function work(id: string, kinds: readonly Kind[]): Promise<void> {
    const host = store.host(id);
    if (stopping.signal.aborted || host?.enrolled !== 1) return;
    const job = new AbortController();
    const signal = AbortSignal.any([job.signal, stopping.signal]);
    running = { id, job };
    if (await isReady(host, signal)) {
      for (const kind of kinds) if (!signal.aborted) await run(host, kind, signal);
      const measured = signal.aborted ? undefined : await restic.measure(host.repo, signal);
      if (measured !== undefined) store.measured(id, measured.snapshots, measured.bytes);
    }
    running = undefined;
  }

  function enqueue(id: string, kinds: readonly Kind[]): Promise<unknown> {
    last = last
      .then(() => work(id, kinds))
      .then(
        () => books.report(`a job of ${id}`),
        (error: unknown) => books.report(`a job of ${id}`, error),
      );
    return last;
  }

  /** None while the inventory cannot be read. */
  function known(): readonly Host[] {
    let hosts: readonly Host[] = [];
    books.attempt('reading the inventory', () => {
      hosts = store.hosts();
    });
    return hosts;
  }

  async function rounds(): Promise<void> {
    // What a control plane that was killed has left: its jobs first, then their locks.
    const left = await store.processes.endLeftBehind().catch((error: unknown) => {
      books.report('noting a process', error);
      return 0;
    });
    if (left > 0) log(`restic was left at work by a restic-manager that was killed, and is ended (${left})`);
    for (const { id, repoStatus } of known()) if (repoStatus === 'ready') await enqueue(id, ['unlock']);
    while (!stopping.signal.aborted) {
      for (const { id } of known()) await enqueue(id, ['backup', 'forget', 'check']);
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  let ended: Promise<void> | undefined;
  return Object.freeze({
    /** Begins with the rounds. */
    start(): void {
      ended ??= rounds();
    },
    /** Runs one job when those ahead of it have ended. While it waits, asking again changes nothing. */
    ask(id: string, kind: AskedKind): void {
      const job = `${id} ${kind}`;
      if (waiting.has(job)) return;
      waiting.add(job);
      void enqueue(id, [kind]).then(() => waiting.delete(job));
    },
    /** Ends a host's job, which counts as cancelled. */
    cancel: (id: string) => (running?.id === id ? running.job.abort() : undefined),
    /** Ends the running job, and starts no other. */
    async stop(): Promise<void> {
      stopping.abort();
      await ended;
      await last;
    },
  });
}
