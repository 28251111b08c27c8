/** The two text formats, OpenMetrics 1.0 and Prometheus text 0.0.4, and the content types that they travel under. */

export type TextFormat = 'openmetrics' | 'text';

/** A format under one version of its content type. */
export interface Offer {
  readonly format: TextFormat;
  readonly type: string;
  readonly version: string;
  /** Formats of version 1.0.0 and later declare how names were escaped. */
  readonly escapes: boolean;
}

/** A client that names no version gets the first offer of a type. */
export const offers: readonly Offer[] = [
  { format: 'openmetrics', type: 'application/openmetrics-text', version: '1.0.0', escapes: true },
  { format: 'openmetrics', type: 'application/openmetrics-text', version: '0.0.1', escapes: false },
  { format: 'text', type: 'text/plain', version: '0.0.4', escapes: false },
  { format: 'text', type: 'text/plain', version: '1.0.0', escapes: true },
];

/**
 * The content type repeats the requested escaping. Our names are legal without escaping, so these three give the same bytes; `dots` would
 * double underscores, so a client that asks for it gets `underscores`, and the content type declares that.
 */
const withoutEffect = new Set(['allow-utf-8', 'underscores', 'values']);

export function contentType(offer: Offer, escaping: string | undefined): string {
  const base = `${offer.type}; version=${offer.version}; charset=utf-8`;
  if (escaping === undefined || !offer.escapes) return base;
  return `${base}; escaping=${withoutEffect.has(escaping) ? escaping : 'underscores'}`;
}
