import type { DemoHost, Settings, Work } from './host.ts';
import type { HostProcess } from './host-process.ts';

/** An example host that runs. */
export interface Player {
  readonly host: DemoHost;
  readonly settings: Settings;
  readonly instance: string;
  readonly running: HostProcess;
  readonly work: Work;
}
