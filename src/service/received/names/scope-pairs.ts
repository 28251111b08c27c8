/**
 * The instrumentation scope as labels of its series (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility",
 * "Instrumentation Scope").
 */
import { shown } from '../../../core/errors/shown.ts';
import type { Pair } from '../../../core/naming/index.ts';
import { instrumentationScope } from '../../../formats/otlp/wire/messages.ts';
import { lengthOf } from '../../../formats/otlp/wire/protobuf-tags.ts';
import { readMessage } from '../../../formats/otlp/wire/read-message.ts';
import { attributeTexts } from './attribute-texts.ts';

const attributeField = lengthOf(3);
const reserved: ReadonlySet<string> = new Set(['otel_scope_name', 'otel_scope_version', 'otel_scope_schema_url']);

/**
 * Name, version and schema URL, also where they are empty, and the scope's attributes prefixed with `otel_scope_`. An attribute
 * in conflict with one of the first three is dropped, as the specification requires.
 *
 * @param scope the bytes of the `InstrumentationScope` message
 * @param labelOf returns a label's name
 */
export function scopePairs(scope: Uint8Array, schemaUrl: string, labelOf: (attribute: string) => string): readonly Pair[] {
  const { name, version } = nameAndVersion(scope);
  const attributes = attributeTexts(scope, attributeField).map(([key, value]): Pair => [`otel_scope_${key}`, value]);
  return [
    ['otel_scope_name', name],
    ['otel_scope_version', version],
    ['otel_scope_schema_url', schemaUrl],
    ...attributes.filter(([key]) => !reserved.has(labelOf(key))),
  ];
}

/** For messages: `scope "lib.a", version "1"`. */
export function nameOfScope(scope: Uint8Array, schemaUrl: string): string {
  const { name, version } = nameAndVersion(scope);
  const named = name === '' ? 'a scope without a name' : `scope ${shown(name)}`;
  return `${named}${version === '' ? '' : `, version ${shown(version)}`}${schemaUrl === '' ? '' : `, schema URL ${shown(schemaUrl)}`}`;
}

function nameAndVersion(scope: Uint8Array): { readonly name: string; readonly version: string } {
  return { name: '', version: '', ...readMessage(instrumentationScope, scope, 0, scope.length) };
}
