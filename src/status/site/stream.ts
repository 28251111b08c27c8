/**
 * `/api/events`: a message a second to each page that is open. The message is made once for all of them, and not at all while
 * none is.
 */
import type { Reply } from '../../net/http/exchange.ts';
import { plainReply } from '../../net/http/plain-reply.ts';
import type { StatusSource } from '../status-source.ts';

const everyMs = 1_000;
/** One more is refused: a page has one. */
const mostStreams = 20;
/**
 * A stream ends after so many messages, and its page asks for another one: so credentials are looked at again, well before the
 * listener's limit on replies.
 */
const mostMessages = 90;

export interface Stream {
  answer(): Reply;
  /** Streams that are open. */
  readonly open: number;
  /** Ends all of them. */
  close(): void;
}

interface Client {
  next: PromiseWithResolvers<Uint8Array | undefined>;
}

const encoder = new TextEncoder();
const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' };

export function createStream(source: Pick<StatusSource, 'tick' | 'watched'>): Stream {
  const clients = new Set<Client>();
  let timer: NodeJS.Timeout | undefined;
  let unwatch: (() => void) | undefined;
  let closed = false;

  const message = () => encoder.encode(`event: tick\ndata: ${JSON.stringify(source.tick())}\n\n`);

  function send(bytes: Uint8Array | undefined): void {
    for (const client of clients) {
      client.next.resolve(bytes);
      client.next = Promise.withResolvers();
    }
  }

  function enter(client: Client): void {
    clients.add(client);
    unwatch ??= source.watched?.();
    timer ??= setInterval(() => send(message()), everyMs).unref();
  }

  function leave(client: Client): void {
    clients.delete(client);
    if (clients.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    unwatch?.();
    unwatch = undefined;
  }

  async function* messages(client: Client, first: Uint8Array): AsyncGenerator<Uint8Array> {
    try {
      enter(client);
      yield first;
      // A client that reads slowly gets the newest message, and misses those in between.
      for (let sent = 1; sent < mostMessages; sent++) {
        const bytes = await client.next.promise;
        if (bytes === undefined) return;
        yield bytes;
      }
    } finally {
      leave(client);
    }
  }

  return Object.freeze({
    answer(): Reply {
      if (closed || clients.size >= mostStreams)
        return plainReply(503, `${mostStreams} pages are open already`, { 'retry-after': '5' });
      const first = Buffer.concat([encoder.encode(`retry: ${everyMs}\n\n`), message()]);
      const client: Client = { next: Promise.withResolvers() };
      return {
        status: 200,
        headers,
        body: first,
        stream: () => messages(client, first),
        // At once, since the next message may be a second away.
        sent() {
          leave(client);
          client.next.resolve(undefined);
        },
      };
    },
    get open() {
      return clients.size;
    },
    close() {
      closed = true;
      send(undefined);
    },
  });
}
