/** A route that is there for some requests and for others is not: the router then goes on as for a path that nobody has declared. */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { RequestFacts } from './exchange.ts';
import { incomingFacts } from './incoming.ts';

export type Admits = (request: RequestFacts) => boolean;

/** Fastify writes it into generated code, so it is an identifier. */
const constraint = 'meterbridge';

type Strategy = Parameters<FastifyInstance['addConstraintStrategy']>[0];
type Route = Parameters<ReturnType<Strategy['storage']>['set']>[1];

/**
 * What a route's `constraints` must be for it to admit some requests only. The router asks ahead of every hook, and only of requests to
 * that route's path. What is not admitted passes through the app's own hooks, parsers and 404, or another route that fits.
 */
export function admittedOnly(app: FastifyInstance, admits: Admits): NonNullable<RouteOptions['constraints']> {
  if (!app.hasConstraintStrategy(constraint)) app.addConstraintStrategy(strategy());
  return { [constraint]: admits };
}

/** Routes are stored by what they admit, and asked for by that while they are declared, then by requests. */
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
