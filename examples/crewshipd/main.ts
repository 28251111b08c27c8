/** `run.ts crewshipd`: configured by `CREWSHIP_*` variables alone. */
import { parseArgs } from 'node:util';
import type { Host } from '../host.ts';
import { loadConfig } from './config.ts';
import { startDaemon } from './daemon.ts';

export const start: Host = async (args, log) => {
  // It has no flags: one that is given is a mistake.
  parseArgs({ args: [...args], options: {} });
  return startDaemon(loadConfig(process.env), log);
};
