/**
 * Attribute → label, by the specification's "Metric Attributes" (Prometheus compatibility): what a label cannot have becomes `_`,
 * one for a run. A name that begins with a digit gets `key_`. Unlike `labelName`, this never makes a name that begins with two
 * underscores, which Prometheus reserves, and keeps `_`, which is all that remains of a name without an ASCII letter: such
 * attributes still distinguish series. `''` for the empty name alone.
 */
export function plainLabel(attribute: string): string {
  const name = attribute.replace(/[^a-zA-Z0-9]+/gu, '_');
  return /^[0-9]/.test(name) ? `key_${name}` : name;
}

/**
 * The label's name where names are UTF-8: it stays, but for what no scraper could read. Prometheus reserves names that begin with
 * two underscores, and would take `__name__` for the metric's; its parser ends at a NUL in a name.
 */
export function utf8Label(attribute: string): string {
  return readable(attribute).replace(/^__+/, '_');
}

/** A metric's name, in the same case. */
export function readable(name: string): string {
  return name.replaceAll('\0', '\ufffd');
}
