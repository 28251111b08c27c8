/** `run.ts runwisp [--config FILE] [--host HOST] [--port PORT] [--data FOLDER]`. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Host } from '../host.ts';
import { loadConfig } from './config.ts';
import { startDaemon } from './daemon.ts';

const VERSION = '0.1.0';
const DEFAULT_CONFIG = fileURLToPath(new URL('./runwisp.toml', import.meta.url));

export const start: Host = async (args, log) => {
  const { values: flags } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', short: 'c' },
      host: { type: 'string' },
      port: { type: 'string', short: 'p' },
      data: { type: 'string' },
    },
  });
  const file = flags.config ?? process.env.RUNWISP_CONFIG ?? (existsSync('runwisp.toml') ? 'runwisp.toml' : DEFAULT_CONFIG);
  return startDaemon(loadConfig({ file, flags, env: process.env }), { version: VERSION, log });
};
