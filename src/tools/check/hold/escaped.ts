/** Names as a scraper sees them that asks for none in UTF-8, which are those of contracts. */
import { escapedLabel, escapedName } from '../../../formats/exposition/escaping.ts';
import type { Observed, ObservedFamily } from '../observed.ts';

/**
 * Prometheus 3 asks for names in UTF-8 in OpenMetrics and not in protobuf, so one endpoint may show `http.requests` in one format
 * and `http_requests` in the other. That is the request's doing, and no difference between the formats. OTLP has its instruments'
 * names and stays as it is.
 */
export function withEscapedNames(observed: Observed): Observed {
  if (observed.format === 'otlp') return observed;
  const families = new Map<string, ObservedFamily>();
  for (const family of observed.families.values()) {
    const name = escapedName(family.name, 'underscores');
    // Of two that become one, the first: Prometheus refuses such pages.
    if (!families.has(name)) families.set(name, { ...family, name, labels: labelsOf(family) });
  }
  return { ...observed, families };
}

function labelsOf({ labels }: ObservedFamily): ObservedFamily['labels'] {
  return new Map([...labels].map(([name, label]) => [escapedLabel(name, 'underscores'), label] as const));
}
