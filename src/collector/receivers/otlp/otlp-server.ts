import type { Server } from 'node:net';
import type { Code } from '../../../otlp/export-answers.ts';

/** One protocol's server, not open yet. */
export interface OtlpServer {
  readonly server: Server;
  /** No new connection, idle ones end, requests under way are answered; what is left after `graceMs` is cut. */
  close(graceMs: number): Promise<void>;
}

/** Called for each request that was refused. */
export type Refused = (code: Code, message: string) => void;
