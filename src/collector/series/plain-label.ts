/**
 * Attribute → label, by the specification's "Metric Attributes" (Prometheus compatibility): what a label cannot have becomes `_`, one for a run. A name that
 * begins with a digit gets `key_`. Unlike `labelName`, this never makes a name that begins with two underscores, which Prometheus reserves, and keeps
 * `_`, which is all that remains of a name without an ASCII letter: such attributes still tell series apart. `''` for the empty name alone.
 */
export function plainLabel(attribute: string): string {
  const name = attribute.replace(/[^a-zA-Z0-9]+/gu, '_');
  return /^[0-9]/.test(name) ? `key_${name}` : name;
}
