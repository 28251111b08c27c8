/** `run.ts crewshipd`: configured by `CREWSHIP_*` variables alone. */
import { parseArgs } from 'node:util';
import type { Host } from '../host.ts';
import { loadConfig } from './config.ts';
import { startDaemon } from './daemon.ts';

export const start: Host = async (args, { log, closing }) => {
  // It has no flags: one that is given is a mistake.
  parseArgs({ args: [...args], options: {} });
  const host = await startDaemon(loadConfig(process.env), log);
  closing.defer(host.close);
  return host;
};
