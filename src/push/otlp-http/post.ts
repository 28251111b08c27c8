/** One attempt over HTTP. It never rejects: the attempt's result describes any error. */
import type { Agent } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import { type Answer, keepAnswer } from '../answers/answer.ts';
import type { Attempt } from '../answers/failure.ts';
import type { Connections } from './client-settings.ts';

export interface Posted extends Attempt {
  readonly retryAfter?: string | undefined;
  /** The kept-alive connection was already closed: no receiver has seen the request. */
  readonly stale?: boolean;
}

export interface Poster {
  /** Ends when `signal` aborts; the message of its reason is then the attempt's error. */
  post(headers: Readonly<Record<string, string>>, body: Uint8Array, signal: AbortSignal): Promise<Posted>;
  close(): void;
}

/** Up to here, copying a body costs less than a write of its own. */
const copiedBytes = 16 * 1024;

export async function createPoster(url: URL, tls: ConnectionOptions, connections?: Connections): Promise<Poster> {
  const secure = url.protocol === 'https:';
  const { request, Agent: AgentOf } = secure ? await import('node:https') : await import('node:http');
  const agent: Agent = new AgentOf({ keepAlive: true, ...connections, ...(secure && tls) });
  const target = { ...urlToHttpOptions(url), method: 'POST', agent };
  return Object.freeze({
    post(headers: Readonly<Record<string, string>>, body: Uint8Array, signal: AbortSignal) {
      return new Promise<Posted>((resolve) => {
        if (signal.aborted) return resolve({ error: reasonOf(signal) });
        const attempt = request({ ...target, headers: { ...headers, 'content-length': String(body.length) } });
        const cutOff = () => attempt.destroy(new Error(reasonOf(signal)));
        signal.addEventListener('abort', cutOff, { once: true });
        attempt.once('close', () => signal.removeEventListener('abort', cutOff));
        let posted: (() => Posted & { readonly answer: Answer }) | undefined;
        const failed = (error: NodeJS.ErrnoException) => {
          const cut = posted?.();
          // The status decides, whatever becomes of the body: what a receiver has taken must not be sent again.
          if (cut !== undefined) return resolve({ ...cut, answer: { ...cut.answer, whole: false } });
          const stale = attempt.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
          resolve(signal.aborted ? { error: reasonOf(signal) } : { error: error.code ?? error.message, stale });
        };
        attempt.on('error', failed);
        attempt.on('response', (response) => {
          const answer = keepAnswer(response);
          const answered = () => ({ statusText: response.statusMessage, answer: answer(), retryAfter: response.headers['retry-after'] });
          posted = answered;
          response.on('end', () => resolve(answered()));
          response.on('error', failed);
        });
        // One write for the head and the body: Node.js joins strings only. Latin-1 keeps each byte as it is.
        if (body.length <= copiedBytes) attempt.end(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1');
        else attempt.end(body);
      });
    },
    close: () => agent.destroy(),
  });
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
