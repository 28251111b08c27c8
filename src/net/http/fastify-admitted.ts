/** A route that exists for some requests only: for the others, the router continues as for an undeclared path. */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { RequestFacts } from './exchange.ts';
import { incomingFacts } from './incoming.ts';

export type Admits = (request: RequestFacts) => boolean;

/** Fastify writes it into generated code, so it must be an identifier. */
const constraint = 'meterbridge';

type Strategy = Parameters<FastifyInstance['addConstraintStrategy']>[0];
type Route = Parameters<ReturnType<Strategy['storage']>['set']>[1];

/**
 * The `constraints` of a route that admits some requests only. The router evaluates them before every hook, and only for requests
 * to that route's path. Other requests pass through the app's own hooks, parsers and 404, or reach another route that fits.
 */
export function admittedOnly(app: FastifyInstance, admits: Admits): NonNullable<RouteOptions['constraints']> {
  if (!app.hasConstraintStrategy(constraint)) app.addConstraintStrategy(strategy());
  return { [constraint]: admits };
}

/** Routes are stored by the predicate that admits them. The router looks them up by that at declaration, then by request. */
function strategy(): Strategy {
  return {
    name: constraint,
    storage() {
      const routes = new Map<unknown, Route>();
      return {
        set: (admits, route) => void routes.set(admits, route),
        get(asked) {
          if (typeof asked === 'function') return routes.get(asked) ?? null;
          const facts = incomingFacts(asked as IncomingMessage);
          for (const [admits, route] of routes) if ((admits as Admits)(facts)) return route;
          return null;
        },
      };
    },
    deriveConstraint: (request) => request,
  };
}
