/** Every daemon that a generator plays: one whose contract has every kind, and the five hosts. */
import { resticManager } from '../../instrumentation/restic-manager/index.ts';
import { runwisp } from '../../instrumentation/runwisp/index.ts';
import { solti } from '../../instrumentation/solti/index.ts';
import { wasmrun } from '../../instrumentation/wasmrun/index.ts';
import type { Contract } from '../../src/index.ts';
import { crewshipdContract, expectedOfCrewshipd, startCrewshipdDaemon } from './crewshipd-daemon.ts';
import type { ExpectedInstruments } from './debug-series.ts';
import { expectedOfFixture, fixture } from './fixture-contract.ts';
import { startFixtureDaemon } from './fixture-daemon.ts';
import type { PlayedDaemon } from './played-daemon.ts';
import type { Random } from './random.ts';
import { expectedOfResticManager, startResticManagerDaemon } from './restic-manager-daemon.ts';
import type { Road } from './roads.ts';
import { expectedOfRunwisp, startRunwispDaemon } from './runwisp-daemon.ts';
import { expectedOfSolti, startSoltiDaemon } from './solti-daemon.ts';
import { expectedOfWasmrun, startWasmrunDaemon } from './wasmrun-daemon.ts';

export interface DaemonCase {
  readonly contract: Contract;
  readonly expected: ExpectedInstruments;
  /** @param endpoint of a Collector; without it nothing is pushed */
  start(random: Random, endpoint?: string, road?: Road): Promise<PlayedDaemon>;
}

export const daemons = {
  'every kind': { contract: fixture, expected: expectedOfFixture, start: startFixtureDaemon },
  crewshipd: { contract: crewshipdContract, expected: expectedOfCrewshipd, start: startCrewshipdDaemon },
  'restic-manager': { contract: resticManager, expected: expectedOfResticManager, start: startResticManagerDaemon },
  RunWisp: { contract: runwisp, expected: expectedOfRunwisp, start: startRunwispDaemon },
  solti: { contract: solti, expected: expectedOfSolti, start: startSoltiDaemon },
  wasmrun: { contract: wasmrun, expected: expectedOfWasmrun, start: startWasmrunDaemon },
} as const satisfies Readonly<Record<string, DaemonCase>>;

export type DaemonName = keyof typeof daemons;

export const daemonNames = Object.keys(daemons) as DaemonName[];
