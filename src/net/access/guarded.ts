/** A handler behind an access rule: a rejected request costs no collection work. */
import { publicFunctions } from '../../core/errors/caller.ts';
import { checkHandler } from '../http/check-handler.ts';
import type { Handler, RequestFacts } from '../http/exchange.ts';
import { checkAccess } from './check-access.ts';
import { type ClientOf, compileProxies, type Proxies } from './client-address.ts';
import { type CompileOptions, compileGate } from './gates/compile-gate.ts';
import type { Decision, Gate, RefusalReason } from './gates/gate.ts';
import { type FixedReply, replyFrom } from './refusal.ts';

/** Who may read, and what every other client gets. Plain data: it can be posted to another thread. */
export interface Access {
  /** The rule that admits a request: `loopback()`, `bearer(secret)` and others. */
  readonly gate: Gate;
  /** The proxies whose `X-Forwarded-For` is trusted. Without them, the client is the peer. Default: none. */
  readonly proxies?: Proxies;
  /** The response to a rejected request, whatever its method. */
  readonly refusal: FixedReply;
  /**
   * The allowed methods, and the response to other methods of requests that the access rule admits. Default: the handler decides.
   */
  readonly methods?: { readonly only: readonly string[]; readonly otherwise: FixedReply };
}

export interface Refused {
  /** The reason of an access rule or of a web configuration; `rate`: too many requests, or too many passwords to check. */
  readonly reason: RefusalReason | 'rate';
  /**
   * The number of rejections that this event reports: 1, or more from a listener in a thread whose application was busy. Client,
   * method and path are then those of the last one.
   */
  readonly count: number;
  /** The client's canonical address; undefined when it is unknown. */
  readonly client: string | undefined;
  readonly method: string;
  readonly path: string;
}

export interface AccessEvents {
  /** Called for each rejected request. An error that it throws is ignored. Default: none. */
  readonly onRefused?: (event: Refused) => void;
}

/** Keyed by the server's object for the request, since the access log is written far from the access rule. */
const tenants = new WeakMap<object, string>();

/** The tenant of an admitted request, by its facts' `source`; undefined: no tenant, or not decided yet. */
export function tenantOf(source: object): string | undefined {
  return tenants.get(source);
}

/** Decides about a request, and reports a rejection. */
export type Guard = (request: RequestFacts) => Decision;

export function createGuard(access: Access, events: AccessEvents = {}, options: CompileOptions = {}): Guard {
  checkAccess(access, 'access');
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
        // A callback that throws must neither admit the request nor prevent the response.
      }
    }
    return decision;
  };
}

/**
 * The handler behind its access rule: first the rule, then the method, then the handler. It works the same in the application's
 * thread and in a listener's. A rejection is synchronous: whether the connection's next bytes are parsed before a response would
 * distinguish a hidden endpoint from a missing one.
 */
export function guarded(handler: Handler, access: Access, events: AccessEvents = {}, options: CompileOptions = {}): Handler {
  checkHandler(handler, 'guarded()');
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

publicFunctions(createGuard, guarded);
