/** One attempt over HTTP. It never rejects: what goes wrong is what the attempt came to. */
import type { Agent, IncomingMessage } from 'node:http';
import { isProtobuf, statusMessage } from './answer.ts';
import type { Attempt } from './failure.ts';
import type { Tls } from './tls.ts';

export interface Posted extends Attempt {
  /** The answer of a receiver that took the push: bytes if it said protobuf. */
  readonly answer?: Uint8Array | string;
  readonly retryAfter?: string | undefined;
  /** The connection had been kept and was gone: nobody has seen the push. */
  readonly stale?: boolean;
}

export interface Poster {
  /** Until `signal` says no more; its reason's message is then the attempt's error. */
  post(headers: Readonly<Record<string, string>>, body: Uint8Array, signal: AbortSignal): Promise<Posted>;
  close(): void;
}

/** How much of an answer is kept: enough for a message. The rest is read and forgotten. */
const maxAnswerBytes = 4096;

export async function createPoster(url: URL, tls: Tls): Promise<Poster> {
  const secure = url.protocol === 'https:';
  const { request, Agent: AgentOf } = secure ? await import('node:https') : await import('node:http');
  const agent: Agent = new AgentOf(secure ? { keepAlive: true, ...tls } : { keepAlive: true });
  return Object.freeze({
    post(headers: Readonly<Record<string, string>>, body: Uint8Array, signal: AbortSignal) {
      return new Promise<Posted>((resolve) => {
        if (signal.aborted) return resolve({ error: reasonOf(signal) });
        const attempt = request(url, { method: 'POST', agent, signal, headers: { ...headers, 'content-length': String(body.length) } });
        attempt.on('error', (error: NodeJS.ErrnoException) => {
          const stale = attempt.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
          resolve(signal.aborted ? { error: reasonOf(signal) } : { error: error.code ?? error.message, stale });
        });
        attempt.on('response', (response) => {
          read(response).then(
            (bytes) => resolve(postedOf(response, bytes)),
            (error: NodeJS.ErrnoException) => resolve({ error: signal.aborted ? reasonOf(signal) : (error.code ?? error.message) }),
          );
        });
        attempt.end(body);
      });
    },
    close: () => agent.destroy(),
  });
}

function postedOf(response: IncomingMessage, bytes: Buffer): Posted {
  const { statusCode: status = 0, statusMessage: statusText, headers } = response;
  const protobuf = isProtobuf(headers['content-type']);
  if (status >= 200 && status < 300) return { status, statusText, answer: protobuf ? bytes : bytes.toString('utf8') };
  const body = protobuf ? statusMessage(bytes) : bytes.toString('utf8');
  return { status, statusText, body, retryAfter: headers['retry-after'] };
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let kept = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (kept >= maxAnswerBytes) continue;
    chunks.push(chunk.subarray(0, maxAnswerBytes - kept));
    kept += chunk.length;
  }
  return Buffer.concat(chunks);
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
