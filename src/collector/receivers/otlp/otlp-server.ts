import type { Server } from 'node:net';
import type { Code } from '../../../otlp/export-answers.ts';

/** One protocol's server, not open yet. */
export interface OtlpServer {
  readonly server: Server;
  /** No new connection, idle ones end, requests under way are answered; what is left after `graceMs` is cut. */
  close(graceMs: number): Promise<void>;
}

/** Called for each request that was refused. `kind`: what it is counted as, where the code does not say it. */
export type Refused = (code: Code, message: string, kind?: string) => void;
