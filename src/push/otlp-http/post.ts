/** One attempt over HTTP. It never rejects: the attempt's result describes any error. */
import type { Agent } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import { type Answer, keepAnswer } from '../answers/answer.ts';
import type { Attempt } from '../answers/failure.ts';

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

export async function createPoster(url: URL, tls: ConnectionOptions): Promise<Poster> {
  const secure = url.protocol === 'https:';
  const { request, Agent: AgentOf } = secure ? await import('node:https') : await import('node:http');
  const agent: Agent = new AgentOf(secure ? { keepAlive: true, ...tls } : { keepAlive: true });
  return Object.freeze({
    post(headers: Readonly<Record<string, string>>, body: Uint8Array, signal: AbortSignal) {
      return new Promise<Posted>((resolve) => {
        if (signal.aborted) return resolve({ error: reasonOf(signal) });
        const attempt = request(url, { method: 'POST', agent, signal, headers: { ...headers, 'content-length': String(body.length) } });
        let posted: (() => Posted & { readonly answer: Answer }) | undefined;
        const failed = (error: NodeJS.ErrnoException) => {
          const cut = posted?.();
          const stale = cut === undefined && attempt.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
          if (cut?.answer.whole === false) resolve(cut);
          else resolve(signal.aborted ? { error: reasonOf(signal) } : { error: error.code ?? error.message, stale });
        };
        attempt.on('error', failed);
        attempt.on('response', (response) => {
          const answer = keepAnswer(response);
          const answered = () => ({ statusText: response.statusMessage, answer: answer(), retryAfter: response.headers['retry-after'] });
          posted = answered;
          response.on('end', () => resolve(answered()));
          response.on('error', failed);
        });
        attempt.end(body);
      });
    },
    close: () => agent.destroy(),
  });
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
