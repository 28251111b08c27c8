/** `run.ts solti [--config FILE] [--host HOST] [--port PORT]`. */
import type { Host } from '../host.ts';
import { fromCommandLine } from '../outside.ts';
import { loadConfig } from './config.ts';
import { startDaemon } from './daemon.ts';

const sources = { variable: 'SOLTI_CONFIG', file: 'solti.toml', main: import.meta.url, flags: ['host', 'port'] } as const;

export const start: Host = async (args, { log, closing }) => {
  const host = await startDaemon(loadConfig(fromCommandLine(args, sources)), log);
  closing.defer(host.close);
  return host;
};
