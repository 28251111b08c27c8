/**
 * A resource as Prometheus sees it, a target: `job` and `instance` (OpenTelemetry specification, "Prometheus and OpenMetrics
 * Compatibility", "Resource Attributes").
 */
import { shown } from '../../../core/errors/shown.ts';
import type { Pair } from '../../../core/naming/index.ts';
import { lengthOf } from '../../../formats/otlp/wire/protobuf-tags.ts';
import { attributeTexts } from './attribute-texts.ts';

export interface Target {
  /** `service.namespace/service.name`, or `service.name`; `''` without one. */
  readonly job: string;
  /** `service.instance.id`; `''` without one. */
  readonly instance: string;
  /** All attributes. */
  readonly attributes: readonly Pair[];
  /** Without those that `job` and `instance` are made of. */
  readonly others: readonly Pair[];
}

const attributeField = lengthOf(1);
const identifying: ReadonlySet<string> = new Set(['service.name', 'service.namespace', 'service.instance.id']);

/** @param resource the bytes of the `Resource` message */
export function targetOf(resource: Uint8Array): Target {
  const attributes = attributeTexts(resource, attributeField);
  const given = new Map(attributes.filter(([name]) => identifying.has(name)));
  const name = given.get('service.name') ?? '';
  const namespace = given.get('service.namespace') ?? '';
  return Object.freeze({
    job: name === '' || namespace === '' ? name : `${namespace}/${name}`,
    instance: given.get('service.instance.id') ?? '',
    attributes,
    others: attributes.filter(([key]) => !identifying.has(key)),
  });
}

/** `job` and `instance` as labels: those that there are. An empty label is the same as none (Prometheus data model). */
export function targetLabels({ job, instance }: Target): ReadonlyMap<string, string> {
  const both: readonly Pair[] = [
    ['job', job],
    ['instance', instance],
  ];
  return new Map(both.filter(([, value]) => value !== ''));
}

/** For messages: `job "shop/cart", instance "i1"`. */
export function nameOfTarget(target: Target): string {
  const named = [...targetLabels(target)].map(([label, value]) => `${label} ${shown(value)}`);
  return named.length === 0 ? 'a resource without service.name' : named.join(', ');
}
