/**
 * The instrumentation scope as labels (OpenTelemetry specification, "OTLP Metric points to Prometheus", "Instrumentation Scope"):
 * name and version on all points, as a Collector writes them, the schema's URL where there is one.
 */
import { shown } from '../../../../core/errors/shown.ts';
import type { Pair } from '../../../../core/naming/index.ts';
import type { FamilyView, Scope } from '../../../../core/store/index.ts';

/** Empty for a contract's family: its scope is its name, which its series begin with. */
export function scopeLabels({ spec, source: { scope } }: Pick<FamilyView, 'spec' | 'source'>): readonly Pair[] {
  if (spec.scopeLabels !== true) return [];
  const { name, version = '', schemaUrl } = scope;
  const always: readonly Pair[] = [
    ['otel_scope_name', name],
    ['otel_scope_version', version],
  ];
  return schemaUrl === undefined ? always : [...always, ['otel_scope_schema_url', schemaUrl]];
}

/** For messages: `"lib.a", version "1"`. */
export function nameOfScope({ name, version = '', schemaUrl = '' }: Scope): string {
  return `${shown(name)}${version === '' ? '' : `, version ${shown(version)}`}${schemaUrl === '' ? '' : `, schema URL ${shown(schemaUrl)}`}`;
}
