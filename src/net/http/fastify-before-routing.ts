/**
 * What happens to a request before Fastify's router reads its target. A hook comes too late for a target that the router cannot
 * decode, and a listener of `app.server` misses `inject` and the second server that Fastify opens for `localhost`.
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

type BeforeRouting = (request: IncomingMessage) => void;

/** Fastify writes it into generated code, so it must be an identifier. */
const constraint = 'meterbridgeBeforeRouting';

/** By the app's server, which an app and its plugins share. */
const perApp = new WeakMap<object, BeforeRouting[]>();
const sentTargets = new WeakMap<IncomingMessage, string | undefined>();

/** The target that the client sent, also where `beforeRouting` has replaced it. */
export function targetAsSent(request: IncomingMessage): string | undefined {
  return sentTargets.has(request) ? sentTargets.get(request) : request.url;
}

/**
 * Calls `act` for every request, before the router looks at `request.url`, which `act` may replace. Later calls see what earlier
 * ones left.
 *
 * A constraint's value is the only thing that the router reads before the target (CONTRIBUTING.md, "Dependencies"); undefined
 * constrains no route.
 */
export function beforeRouting(app: FastifyInstance, act: BeforeRouting): void {
  const acts = perApp.get(app.server) ?? [];
  acts.push(act);
  if (acts.length > 1) return;
  perApp.set(app.server, acts);
  app.addConstraintStrategy({
    name: constraint,
    // The router calls it at every request, though no route has this constraint.
    mustMatchWhenDerived: true,
    storage: () => ({ get: () => null, set() {} }),
    deriveConstraint(request) {
      const raw = request as IncomingMessage;
      if (!sentTargets.has(raw)) {
        sentTargets.set(raw, raw.url);
        for (const one of acts) one(raw);
      }
      return undefined;
    },
  });
}
