/** The entries of a variable that holds several: `10.0.0.0/8, ::1/128`. An empty entry counts, so that its reader rejects it. */
export function commaList(variable: string): string[] {
  return variable.split(',').map((entry) => entry.trim());
}
