/** `name[]` of a scrape's query: the families that it requests, as in client_golang (`promhttp.HandlerFor`). */

export interface Filter {
  /** Names as on the `# TYPE` lines of text 0.0.4. Empty: none that a family has. */
  readonly only: ReadonlySet<string>;
  /** The same for equal filters. */
  readonly key: string;
}

const parameter = 'name[]';
const mostNames = 100;
const longestName = 1_024;

/** Why a filter is rejected, for the client. */
export const filterRule = `at most ${mostNames} name[], each of at most ${longestName} characters`;

/** Undefined: all families are requested. Null: there are more names than may be, or one is longer. */
export function filterOf(query: URLSearchParams): Filter | undefined | null {
  // Few scrapes have one.
  if (query.size === 0 || !query.has(parameter)) return undefined;
  const names = query.getAll(parameter);
  if (names.length > mostNames || names.some(({ length }) => length > longestName)) return null;
  const only = new Set(names);
  return { only, key: JSON.stringify([...only].sort()) };
}
