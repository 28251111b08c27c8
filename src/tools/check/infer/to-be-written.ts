/** The help of a drafted metric that has none where it was seen: a contract has to have one. */
export function toBeWritten(series: string): string {
  return `${series}: describe what it measures.`;
}
