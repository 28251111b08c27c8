/** One heartbeat: an HTTP request to a control plane, as solti's discovery makes it, and what its answer or its failure means. */
import { arch, platform, type } from 'node:os';
import type { SyncFailure } from '../../instrumentation/solti/index.ts';
import { isTable } from '../settings.ts';

/** Who announces itself. */
export interface Sync {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  readonly everyMs: number;
}

export class SyncError extends Error {
  readonly reason: SyncFailure;
  /** What the control plane advised to wait, in milliseconds. */
  readonly holdMs: number | undefined;

  constructor(reason: SyncFailure, message: string, holdMs?: number) {
    super(message);
    this.reason = reason;
    this.holdMs = holdMs;
  }
}

/** solti's own. */
const LONGEST_HOLD_S = 3_600;
const MOST_ANSWER_BYTES = 64 * 1024;
/** Of a connection that was never made. */
const unconnected: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const late: ReadonlySet<unknown> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/**
 * Resolves once the control plane knows the program.
 * @param controlPlane its base URL
 * @throws SyncError, unless `signal` has ended the request
 */
export async function syncWith(
  controlPlane: string,
  sync: Sync,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const url = `${controlPlane}/api/v1/discovery/sync`;
  const deadline = AbortSignal.timeout(timeoutMs);
  let status: number;
  let text: string;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requestOf(sync)),
      redirect: 'error',
      signal: AbortSignal.any([deadline, signal]),
    });
    status = answer.status;
    text = await limitedText(answer);
  } catch (error) {
    if (error instanceof SyncError) throw error;
    throw new SyncError(deadline.aborted ? 'timeout' : reasonOf(error), `${url}: ${messageOf(error)}`);
  }
  if (status === 401 || status === 403) throw new SyncError('auth', `${url}: HTTP ${status}`);
  if (status < 200 || status > 299)
    throw new SyncError(status >= 500 ? 'rejected_server' : 'rejected_client', `${url}: HTTP ${status}`);
  readAnswer(url, text);
}

/** solti's `SyncRequest` in protobuf's JSON, where 64-bit numbers are strings. */
function requestOf({ id, name, endpoint, everyMs }: Sync) {
  return {
    ...{ id, name, endpoint, endpointType: 'ENDPOINT_TYPE_HTTP', apiVersion: 1 },
    ...{ os: type(), platform: platform(), arch: arch() },
    uptimeSeconds: String(Math.floor(process.uptime())),
    ts: String(Math.floor(Date.now() / 1_000)),
    heartbeatIntervalS: Math.max(1, Math.round(everyMs / 1_000)),
  };
}

async function limitedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) throw new SyncError('parse', `the answer is longer than ${MOST_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function readAnswer(url: string, text: string): void {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = undefined;
  }
  if (!isTable(answer)) throw new SyncError('parse', `${url}: the answer is no JSON object`);
  // In protobuf's JSON, what is false, 0 or empty may be left out.
  if (answer.success === true) return;
  const advised = Number(answer.retryAfterS ?? 0);
  const holdMs = advised > 0 ? Math.min(advised, LONGEST_HOLD_S) * 1_000 : undefined;
  throw new SyncError('rejected_client', `${url}: ${String(answer.reason ?? 'refused')}`, holdMs);
}

function reasonOf(error: unknown): SyncFailure {
  const code = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined)?.code : undefined;
  if (unconnected.has(code)) return 'connect';
  return late.has(code) ? 'timeout' : 'other';
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
