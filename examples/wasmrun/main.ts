/** `run.ts wasmrun [--port PORT] [--auth FILE] …`. */
import type { Host } from '../host.ts';
import { loadConfig } from './config.ts';
import { startDaemon } from './daemon.ts';

export const start: Host = async (args, log) => startDaemon(loadConfig(args, process.env), log);
