/** `run.ts runwisp [--config FILE] [--host HOST] [--port PORT] [--data FOLDER]`. */
import type { Host } from '../host.ts';
import { fromCommandLine } from '../outside.ts';
import { loadConfig } from './config.ts';
import { startDaemon } from './daemon.ts';

const VERSION = '0.1.0';
const sources = {
  variable: 'RUNWISP_CONFIG',
  file: 'runwisp.toml',
  main: import.meta.url,
  flags: ['host', 'port', 'data'],
} as const;

export const start: Host = async (args, log) => startDaemon(loadConfig(fromCommandLine(args, sources)), { version: VERSION, log });
