/** The `METERBRIDGE_*` variables. A wrong value is one line, and the default holds. */

export type Environment = Readonly<Record<string, string | undefined>>;
export type Say = (line: string) => void;

export interface Variables {
  /** Undefined: no listener. */
  readonly listen: string | undefined;
  readonly runtime: 'semconv' | 'prom-client' | 'none';
  readonly http: 'semconv' | 'fastify-metrics' | 'none';
}

/** Where OpenTelemetry's Prometheus exporter listens by default, on loopback alone. */
const defaultListen = '127.0.0.1:9464';

export function readVariables(env: Environment, say: Say): Variables {
  const listen = text(env, 'METERBRIDGE_LISTEN') ?? defaultListen;
  return {
    listen: listen === 'none' ? undefined : listen,
    runtime: oneOf(env, 'METERBRIDGE_RUNTIME_METRICS', ['semconv', 'prom-client', 'none'], say),
    http: oneOf(env, 'METERBRIDGE_HTTP_METRICS', ['semconv', 'fastify-metrics', 'none'], say),
  };
}

function oneOf<const V extends string>(env: Environment, name: string, values: readonly [V, ...V[]], say: Say): V {
  const [first] = values;
  const given = text(env, name);
  const found = values.find((value) => value === given);
  if (given !== undefined && found === undefined) {
    say(`${name}: got ${JSON.stringify(given)}; it is ${values.join(', ')}. Fix: use one of them; until then it is ${first}.`);
  }
  return found ?? first;
}

function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}
