/** What a scrape of restic-manager's largest fleet costs: from the inventory to the bytes. */
import { resticManager, resticManagerRecorder } from '../../instrumentation/restic-manager/index.ts';
import { meterbridge, type RequestFacts } from '../../src/index.ts';
import type { BenchCase } from '../bench-case.ts';

const HOSTS = 100;
/** 700 rows of hosts, 324 of the histogram, 6 of the control plane itself. */
const ROWS = 1_030;
const SCRAPES = 100;
const kinds = ['backup', 'forget', 'prune', 'check', 'unlock', 'restore', 'diff', 'init', 'update'] as const;
const statuses = ['succeeded', 'failed', 'cancelled'] as const;

const request: RequestFacts = {
  method: 'GET',
  path: '/metrics',
  query: new URLSearchParams(),
  header: () => undefined,
  peer: '127.0.0.1',
};

export const fleet: BenchCase = {
  suite: 'scrape',
  name: `fleet-${HOSTS}-hosts`,
  what: `restic-manager with ${HOSTS} hosts: CPU time of a scrape, callbacks included, all values changed`,
  contenders: ['meterbridge'],
  rounds: 15,
  quickRounds: 3,
  async prepare() {
    const bridge = meterbridge(resticManager, { isolated: true, push: false, env: {} });
    let round = 0;
    const hosts = () =>
      Array.from({ length: HOSTS }, (_, at) => ({
        id: `01ARZ3NDEKTSV4RRFFQ69G5${100 + at}`,
        name: `host-${at}`,
        online: (round + at) % 2 === 0,
        lastBackup: { endedMs: 1_775_046_600_000 + round * 1_000, succeeded: (round + at) % 3 !== 0 },
        repoBytes: 1_000_000_007 * at + round,
        snapshots: round,
        openAlerts: round % 7,
        repoStatus: 'ready' as const,
      }));
    const { jobFinished } = resticManagerRecorder(bridge, {
      hosts,
      activeAlerts: () => ({ info: round }),
      version: '1',
      commit: 'none',
    });
    return async () => {
      const from = process.cpuUsage();
      for (let scrape = 0; scrape < SCRAPES; scrape++) {
        round++;
        for (const kind of kinds) for (const status of statuses) jobFinished(kind, status, round);
        const { status, body, sent } = await bridge.scrape(request);
        const rows = status === 200 ? new TextDecoder().decode(body).match(/^rm_/gm)?.length : undefined;
        if (rows !== ROWS) throw new Error(`BUG: ${rows} rows, not ${ROWS}`);
        sent?.();
      }
      const { user, system } = process.cpuUsage(from);
      return { 'CPU ms/scrape': (user + system) / 1_000 / SCRAPES };
    };
  },
};
