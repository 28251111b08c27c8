/** The one spelling of a sample's series, so that values of two sources can be compared. */

/**
 * `name{a="1",le="0.5"}`: labels sorted by name, empty values left out (they are absent labels), `le` and `quantile` as numbers
 * (`1` and `1.0` are one bound).
 */
export function seriesKey(name: string, labels: Iterable<readonly [name: string, value: string]>): string {
  const shown = [...labels]
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([label, value]) => `${label}=${JSON.stringify(isBound(label) ? numberOf(value) : value)}`);
  return `${name}{${shown.join(',')}}`;
}

function isBound(label: string): boolean {
  return label === 'le' || label === 'quantile';
}

function numberOf(text: string): string {
  const number = Number(text.replace('Inf', 'Infinity'));
  return Number.isNaN(number) ? text : String(number);
}
