/**
 * Representations beside the exposition, which a client requests by name: `?format=NAME`. The application decides what they show;
 * this module decides which client gets them, and when.
 */
import { within } from '../../core/node/within.ts';
import { negotiate } from '../../formats/exposition/negotiate.ts';
import type { Handler, Reply, RequestFacts } from '../http/exchange.ts';
import { plainReply } from '../http/plain-reply.ts';

/** By name. The reason of a rejection reaches no client. */
export type Formats = Readonly<Record<string, () => Promise<Reply>>>;

/** As long as a scrape may take. */
const defaultDeadlineMs = 10_000;

/**
 * A GET with a known `format` gets that representation, and with `json` among them one that prefers `application/json`; every
 * other request gets the handler's response. Simultaneous requests for one format share it, so it is made once at a time. A
 * request that waits longer than the deadline gets 504; a failure gets 500.
 */
export function withFormats(handler: Handler, formats: Formats, deadlineMs: number = defaultDeadlineMs): Handler {
  const underWay = new Map<string, Promise<Reply>>();

  function share(name: string, make: () => Promise<Reply>): Promise<Reply> {
    let reply = underWay.get(name);
    if (reply === undefined) {
      reply = attempt(make).finally(() => underWay.delete(name));
      underWay.set(name, reply);
    }
    return reply;
  }

  return async (request) => {
    const name = nameOf(request, formats);
    if (request.method !== 'GET' || name === null || !Object.hasOwn(formats, name)) return handler(request);
    const reply = share(name, formats[name] as () => Promise<Reply>);
    return within(reply, { ms: deadlineMs }, () => plainReply(504, 'the application took too long'));
  };
}

/** An application's own JSON takes the place of the scrape's. */
function nameOf({ query, header }: RequestFacts, formats: Formats): string | null {
  const named = query.get('format');
  if ((named !== null && Object.hasOwn(formats, named)) || !Object.hasOwn(formats, 'json')) return named;
  return negotiate(header('accept'), 'text').format === 'json' ? 'json' : null;
}

async function attempt(make: () => Promise<Reply>): Promise<Reply> {
  try {
    // Without `sent`: several requests send it, and none of them can detect when the last one has finished.
    const { status, headers, body } = await make();
    return { status, headers, body };
  } catch {
    return plainReply(500, 'the collection failed');
  }
}
