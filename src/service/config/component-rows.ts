/** What the components take, for `meterbridge components` and docs/collector-components.md. */
import { type KeyRow, keyRows } from '../../core/config/schema/key-rows.ts';
import type { Described } from './config.ts';
import { telemetry } from './service.ts';

export interface ComponentRow {
  /** `receiver`, `processor`, `exporter`, `extension`, or `service` for the section of that name. */
  readonly kind: string;
  readonly type: string;
  readonly keys: readonly {
    readonly key: string;
    readonly type: string;
    /** As the user would write it; `-` for none, `required` for a key that is. */
    readonly default: string;
    readonly state: KeyRow['state'];
    readonly note: string;
  }[];
}

const order: readonly string[] = ['receiver', 'processor', 'exporter', 'extension'];

export function componentRows(components: readonly Described[]): readonly ComponentRow[] {
  const sorted = components.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.type < b.type ? -1 : 1));
  const all = [...sorted, { kind: 'service', type: 'telemetry', schema: telemetry }];
  return all.map(({ kind, type, schema }) => ({
    kind,
    type,
    keys: keyRows(schema).map((row) => ({
      key: row.key,
      type: row.type,
      default: defaultOf(row),
      state: row.state,
      note: row.why ?? '',
    })),
  }));
}

function defaultOf({ required, byDefault }: KeyRow): string {
  if (required) return 'required';
  if (byDefault === undefined) return '-';
  return typeof byDefault === 'string' && byDefault !== '' ? byDefault : JSON.stringify(byDefault);
}

/** The tables of docs/collector-components.md. */
export function collectorReference(components: readonly Described[]): string {
  return componentRows(components).map(sectionOf).join('\n');
}

function sectionOf({ kind, type, keys }: ComponentRow): string {
  const heading = kind === 'service' ? `### \`service.${type}\`\n` : `### ${kind} \`${type}\`\n`;
  if (keys.length === 0) return `${heading}\nIt has no keys.\n`;
  const rows = keys.map(({ key, type, default: byDefault, state, note }) => {
    const shown = byDefault === '-' || byDefault === 'required' ? byDefault.replace('-', '–') : code(byDefault);
    return `| ${code(key)} | ${cell(type) || '–'} | ${shown} | ${note === '' ? state : `${state}: ${cell(note)}`} |`;
  });
  return `${heading}\n| key | value | default | state |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
