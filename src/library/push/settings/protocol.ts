/** The exporter and its encoding: the options `exporter` and `protocol`, and `OTEL_EXPORTER_OTLP_[METRICS_]PROTOCOL`. */
import type { Problem } from '../../../core/errors/error.ts';
import { shown } from '../../../core/errors/shown.ts';
import { type Environment, firstText, otlpNames, type Warn } from './environment.ts';

export type Protocol = 'http/protobuf' | 'http/json';
export type Exporter = 'meterbridge' | 'sdk';

interface Ability {
  /** The first is the default. */
  readonly protocols: readonly Protocol[];
  readonly rule: string;
}

const abilities: Readonly<Record<Exporter, Ability>> = {
  meterbridge: {
    protocols: ['http/protobuf', 'http/json'],
    rule: 'pushes go over HTTP, as protobuf or JSON; gRPC is not spoken',
  },
  sdk: { protocols: ['http/json'], rule: "the SDK's exporter sends OTLP over HTTP as JSON and nothing else" },
};

export function resolveExporter(option: unknown, fallback: Exporter = 'meterbridge', problems: Problem[]): Exporter {
  if (option === undefined) return fallback;
  if (option === 'meterbridge' || option === 'sdk') return option;
  const got = shown(option);
  problems.push({ at: 'push.exporter', got, rule: "it must be 'meterbridge' or 'sdk'", fix: 'correct it, or leave it out' });
  return fallback;
}

export function resolveProtocol(
  options: { readonly protocol?: unknown },
  exporter: Exporter,
  env: Environment,
  problems: Problem[],
  warn: Warn,
): Protocol {
  const { protocols, rule } = abilities[exporter];
  const fallback = protocols[0] as Protocol;
  const known = (value: unknown) => protocols.find((protocol) => protocol === value);
  const wrong = (at: string, value: unknown, fix: string) => {
    problems.push({ at, got: shown(value), rule, fix });
    return fallback;
  };
  const fromEnv = firstText(env, otlpNames('PROTOCOL'));
  const { protocol: coded } = options;
  if (coded !== undefined) {
    const protocol = known(coded);
    if (protocol === undefined) return wrong('push.protocol', coded, `write '${protocols.join("' or '")}', or leave it out`);
    if (fromEnv !== undefined && fromEnv.value !== protocol) {
      warn(
        `push.protocol is "${protocol}", ${fromEnv.at} is ${JSON.stringify(fromEnv.value)}: the option overrides the variable.`,
      );
    }
    return protocol;
  }
  if (fromEnv === undefined) return fallback;
  const fix = `set ${otlpNames('PROTOCOL')[0]}=${fallback}, which leaves the other signals alone`;
  return known(fromEnv.value) ?? wrong(fromEnv.at, fromEnv.value, fix);
}
