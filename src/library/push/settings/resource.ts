/**
 * The resource's attributes, which identify the pushing service: from options, `OTEL_SERVICE_NAME` and
 * `OTEL_RESOURCE_ATTRIBUTES`.
 */
import type { Problem } from '../../../core/errors/error.ts';
import { shown } from '../../../core/errors/shown.ts';
import { type Environment, pairs, text, type Warn } from './environment.ts';

export interface ResourceOptions {
  readonly serviceName?: string | undefined;
  readonly resource?: Readonly<Record<string, string>> | undefined;
}

export type ResourceAttributes = Readonly<Record<string, string>>;

const serviceName = 'service.name';
const instanceId = 'service.instance.id';

/**
 * Merges options and variables. Options override the environment, and `OTEL_SERVICE_NAME` overrides `OTEL_RESOURCE_ATTRIBUTES`; a
 * contradiction between option and variable is logged with both values. `service.name` and `service.instance.id` are always
 * present; the exporter adds `telemetry.sdk.*`.
 */
export function resolveResource(
  options: ResourceOptions,
  env: Environment,
  defaults: { readonly serviceName: string; readonly instance: string | undefined },
  problems: Problem[],
  warn: Warn,
): ResourceAttributes {
  const variables = environmentAttributes(env, warn);
  const coded = codedAttributes(options, problems);
  for (const [key, value] of Object.entries(coded)) {
    const other = variables[key];
    if (other === undefined || other.value === value) continue;
    const at = key === serviceName && options.serviceName !== undefined ? 'push.serviceName' : `push.resource["${key}"]`;
    warn(`${at} is ${JSON.stringify(value)}, ${other.at} is ${JSON.stringify(other.value)}: the option overrides the variable.`);
  }
  const result: Record<string, string> = {
    [serviceName]: defaults.serviceName,
    [instanceId]: defaults.instance ?? processInstance(),
  };
  for (const [key, { value }] of Object.entries(variables)) result[key] = value;
  return Object.freeze(Object.assign(result, coded));
}

let instance: string | undefined;

/**
 * One random id per process (semantic conventions: a random UUID version 4 where nothing better is known), so that a restart is
 * visible.
 */
function processInstance(): string {
  instance ??= crypto.randomUUID();
  return instance;
}

function environmentAttributes(env: Environment, warn: Warn): Record<string, { at: string; value: string }> {
  const result: Record<string, { at: string; value: string }> = {};
  const at = 'OTEL_RESOURCE_ATTRIBUTES';
  let broken = false;
  const attributes = pairs(text(env, at) ?? '', (position, reason) => {
    broken = true;
    warn(`${at}: entry ${position} ${reason}; as the specification requires, the whole variable is ignored.`);
  });
  if (!broken) for (const { key, value } of attributes) result[key] = { at, value };
  const name = text(env, 'OTEL_SERVICE_NAME');
  if (name !== undefined) result[serviceName] = { at: 'OTEL_SERVICE_NAME', value: name };
  return result;
}

function codedAttributes(options: ResourceOptions, problems: Problem[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, value] of Object.entries(options.resource ?? {})) {
    if (typeof value === 'string' && key !== '') result[key] = value;
    else {
      const fix = 'write a string, or leave it out';
      problems.push({
        at: `push.resource["${key}"]`,
        got: typeof value,
        rule: 'names and values must be strings, names not empty',
        fix,
      });
    }
  }
  const { serviceName: name } = options;
  if (name === undefined) return result;
  const at = 'push.serviceName';
  if (typeof name !== 'string' || name === '') {
    problems.push({ at, got: shown(name), rule: 'it must be a string that is not empty', fix: 'name the service' });
  } else if (result[serviceName] !== undefined && result[serviceName] !== name) {
    const got = `${JSON.stringify(name)} beside push.resource["${serviceName}"] ${JSON.stringify(result[serviceName])}`;
    problems.push({ at, got, rule: 'a service has one name', fix: 'leave one of the two out' });
  } else result[serviceName] = name;
  return result;
}
