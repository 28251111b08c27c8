/** The entries of a variable that holds several: `10.0.0.0/8, ::1/128`. An empty one is an entry too, so that who reads them refuses it. */
export function commaList(variable: string): string[] {
  return variable.split(',').map((entry) => entry.trim());
}
