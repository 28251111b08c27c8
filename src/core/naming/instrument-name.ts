/** OpenTelemetry's syntax of an instrument's name (Metrics API, "Instrument name syntax"). */
const syntax = /^[A-Za-z][A-Za-z0-9_.\-/]{0,254}$/;

export function isInstrumentName(name: string): boolean {
  return syntax.test(name);
}
