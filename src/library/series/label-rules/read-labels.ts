/** Labels as callers pass them: of any type, changed later, or with a getter that throws. */

export type LabelsIn = Readonly<Record<string, unknown>>;

export const noLabels: LabelsIn = Object.freeze({});

/** A copy that the caller cannot change; undefined if the value is not a set of labels. Never throws. */
export function labelsIn(given: unknown): LabelsIn | undefined {
  if (given === undefined) return noLabels;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  try {
    return { ...given };
  } catch {
    return undefined;
  }
}

/** Untyped callers pass numbers and booleans: converts them to the string that a label would show. */
export function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      return undefined;
  }
}

/** Inherited properties are not labels. */
export function ownLabel(labels: LabelsIn, name: string): unknown {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
