/** Attempts by `node:http`, which a program has loaded anyhow: for a push every few seconds. */
import { Agent, type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import type { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { AnswerBody } from './answers/answer.ts';
import type { Limit } from './limit.ts';
import { basicOf, errorOf, type Posted, type Poster, withoutOwn } from './poster.ts';

/** Interim responses ahead of one response, at most: a receiver that only writes these is not read for ever. */
const mostInterim = 20;

/** A connection is kept for the next push. */
const kept = { keepAlive: true, noDelay: true } as const;

interface Https {
  readonly Agent: typeof SecureAgent;
  readonly request: typeof secureRequest;
}

export function createNodePoster(tls: ConnectionOptions): Poster {
  const plain = new Agent(kept);
  let secure: SecureAgent | undefined;

  function send(url: URL, headers: Record<string, string>, https: Https | undefined): ClientRequest {
    if (https === undefined) return plainRequest(url, { agent: plain, method: 'POST', headers });
    secure ??= new https.Agent({ ...kept, ...tls });
    return https.request(url, { agent: secure, method: 'POST', headers });
  }

  return Object.freeze({
    async post(url: URL, given: Readonly<Record<string, string>>, body: Uint8Array, limit: Limit) {
      if (limit.ended !== undefined) return { error: limit.ended };
      try {
        const https = url.protocol === 'https:' ? await import('node:https') : undefined;
        const credentials = basicOf(url);
        const headers = {
          ...(credentials && { authorization: credentials }),
          ...Object.fromEntries(withoutOwn(given).map(([name, value]) => [name.toLowerCase(), value])),
          'content-length': String(body.length),
        };
        return await answered(send(new URL(url.pathname + url.search, url.origin), headers, https), body, limit);
      } catch (error) {
        return { error: errorOf(error) };
      }
    },
    close() {
      plain.destroy();
      secure?.destroy();
    },
  });
}

export function answered(request: ClientRequest, body: Uint8Array, limit: Limit): Promise<Posted> {
  return new Promise((resolve) => {
    let response: IncomingMessage | undefined;
    let interim = 0;
    const received = new AnswerBody();

    function end(error?: unknown, complete = false): void {
      limit.onEnd = undefined;
      if (response === undefined) {
        // A receiver that has written an interim response has seen the request.
        resolve({ error: errorOf(error), stale: request.reusedSocket && interim === 0 });
        return;
      }
      const { statusCode: status = 0, statusMessage: statusText, headers } = response;
      const { location, 'content-type': contentType, 'retry-after': retryAfter } = headers;
      resolve({ statusText, answer: received.answer(status, contentType, complete), retryAfter, location });
    }

    limit.onEnd = () => {
      end(new Error(limit.ended));
      request.destroy();
    };
    request.on('error', end);
    // "A client MUST be able to parse one or more 1xx responses received prior to a final response" (RFC 9110, 15.2): Node.js
    // reads them.
    request.on('information', () => {
      if (++interim > mostInterim)
        request.destroy(new Error(`more than ${mostInterim} interim responses (1xx) without a response`));
    });
    request.on('upgrade', (_, socket) => {
      interim++;
      socket.destroy();
      end(new Error('the receiver switched to another protocol (101), which was not requested'));
    });
    request.on('response', (answer) => {
      response = answer;
      answer.on('data', (part: Buffer) => {
        if (received.add(part)) return;
        end();
        request.destroy();
      });
      answer.on('end', () => {
        end(undefined, true);
        // A receiver may respond before it has read the request.
        if (!request.writableFinished) request.destroy();
      });
      answer.on('error', end);
    });
    request.end(body);
  });
}
