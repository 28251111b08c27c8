/** A handler behind a gate: who is refused costs no collection work. */
import type { Handler, RequestFacts } from '../http/exchange.ts';
import { type ClientOf, compileProxies, type Proxies } from './client-address.ts';
import { type CompileOptions, compileGate } from './compile-gate.ts';
import type { Decision, Gate, RefusalReason } from './gate.ts';
import { type FixedReply, replyFrom } from './refusal.ts';

/** Who may ask, and what everybody else gets. Plain data: it can be posted to another thread. */
export interface Access {
  readonly gate: Gate;
  /** Whose `X-Forwarded-For` counts. Default: nobody's, the client is the peer. */
  readonly proxies?: Proxies;
  /** What a refused request gets, whatever its method. */
  readonly refusal: FixedReply;
  /** Which methods come through, and what others get that the gate lets through. Default: that is the handler's to say. */
  readonly methods?: { readonly only: readonly string[]; readonly otherwise: FixedReply };
}

export interface Refused {
  /** That of a gate or of a web configuration; `rate`: too many requests, or too many passwords to check. */
  readonly reason: RefusalReason | 'rate';
  /** How many refusals this stands for: 1, or more from a listener in a thread whose host was busy; client, method and path are then the last one's. */
  readonly count: number;
  /** Its canonical address; undefined when it is unknown. */
  readonly client: string | undefined;
  readonly method: string;
  readonly path: string;
}

export interface AccessEvents {
  /** Told of each refused request. What it throws is dropped. */
  readonly onRefused?: (event: Refused) => void;
}

/** By what the server has of a request, since the access log is written far from the gate. */
const tenants = new WeakMap<object, string>();

/** Whom a request was let through for, by its facts' `source`; undefined: nobody in particular, or not yet. */
export function tenantOf(source: object): string | undefined {
  return tenants.get(source);
}

/** Decides about a request, and tells of a refusal. */
export type Guard = (request: RequestFacts) => Decision;

export function createGuard(access: Access, events: AccessEvents = {}, options: CompileOptions = {}): Guard {
  const decide = compileGate(access.gate, options);
  const clientOf: ClientOf = compileProxies(access.proxies);
  return (request) => {
    const client = clientOf(request);
    const decision = decide({ address: client, authorization: request.header('authorization') });
    if (decision.allowed) {
      if (decision.tenant !== undefined) tenants.set(request.source ?? request, decision.tenant);
    } else {
      try {
        events.onRefused?.({ reason: decision.reason, count: 1, client, method: request.method, path: request.path });
      } catch {
        // Somebody else's bookkeeping must not open the door, nor cost an answer.
      }
    }
    return decision;
  };
}

/**
 * The handler behind its gate: first the gate, then the method, then the handler. The same in the host's thread and in a listener's. A
 * refusal is given at once: whether a connection's next bytes are looked at before an answer would tell a hidden endpoint from none.
 */
export function guarded(handler: Handler, access: Access, events: AccessEvents = {}, options: CompileOptions = {}): Handler {
  const guard = createGuard(access, events, options);
  const refusal = replyFrom(access.refusal);
  const { methods } = access;
  const otherwise = methods && replyFrom(methods.otherwise);
  return function guardedHandler(request) {
    if (!guard(request).allowed) return refusal;
    if (otherwise !== undefined && methods?.only.includes(request.method) === false) return otherwise;
    return handler(request);
  };
}
