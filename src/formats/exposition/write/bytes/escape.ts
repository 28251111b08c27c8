/** Escaping, which both formats share but for the quote in HELP. */
import { isBareLabel, isBareName } from '../../../../core/naming/index.ts';
import type { TextFormat } from '../../format.ts';

/** A metric's name, in quotes where it needs them. */
export function quotedName(name: string): string {
  return isBareName(name) ? name : `"${escapeLabelValue(name)}"`;
}

export function quotedLabel(name: string): string {
  return isBareLabel(name) ? name : `"${escapeLabelValue(name)}"`;
}

/** Backslash, quote and line feed. */
export function escapeLabelValue(value: string): string {
  return /[\\"\n]/.test(value) ? escapeLines(value).replaceAll('"', '\\"') : value;
}

/** Backslash and line feed, in OpenMetrics the quote too. */
export function escapeHelp(help: string, format: TextFormat): string {
  return format === 'openmetrics' ? escapeLabelValue(help) : escapeLines(help);
}

function escapeLines(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
