/**
 * The formats: OpenMetrics 1.0, Prometheus text 0.0.4, Prometheus protobuf and JSON, and the content types that they travel
 * under.
 */

export type TextFormat = 'openmetrics' | 'text';

/**
 * `protobuf`: messages `MetricFamily` of client_model's `io/prometheus/client/metrics.proto`, each behind its length. `json`:
 * docs/formats.md has its schema.
 */
export type ExpositionFormat = TextFormat | 'protobuf' | 'json';

const textFormats: readonly TextFormat[] = ['openmetrics', 'text'];
export const allFormats: readonly ExpositionFormat[] = [...textFormats, 'protobuf', 'json'];

/** A format under one version of its content type. */
export interface Offer {
  readonly format: ExpositionFormat;
  readonly type: string;
  /** The parameters that distinguish it from other representations of its type, in lower case but for values. */
  readonly params: Readonly<Record<string, string>>;
  /**
   * Only a range that names the type and all of `params` requests it. No wildcard does: a client that did not request protobuf
   * cannot read it, and the type alone may mean another message or encoding (client_golang's `expfmt.Negotiate` wants `proto` and
   * `encoding` too).
   */
  readonly onlyByName: boolean;
  /** Formats of version 1.0.0 and later declare how names were escaped. */
  readonly escapes: boolean;
}

/** A client that names no version gets the first offer of a type. */
export const offers: readonly Offer[] = [
  textOffer('openmetrics', 'application/openmetrics-text', '1.0.0', true),
  textOffer('openmetrics', 'application/openmetrics-text', '0.0.1', false),
  textOffer('text', 'text/plain', '0.0.4', false),
  textOffer('text', 'text/plain', '1.0.0', true),
  {
    format: 'protobuf',
    type: 'application/vnd.google.protobuf',
    params: { proto: 'io.prometheus.client.MetricFamily', encoding: 'delimited' },
    onlyByName: true,
    escapes: true,
  },
  { format: 'json', type: 'application/json', params: {}, onlyByName: true, escapes: false },
];

export const jsonType = 'application/json';

function textOffer(format: TextFormat, type: string, version: string, escapes: boolean): Offer {
  return { format, type, params: { version }, onlyByName: false, escapes };
}

/**
 * The content type repeats the requested escaping. Our names are legal without escaping, so these three give the same bytes;
 * `dots` would double underscores, so a client that requests it gets `underscores`, and the content type declares that.
 */
const withoutEffect = new Set(['allow-utf-8', 'underscores', 'values']);

export function isText(format: ExpositionFormat): format is TextFormat {
  return textFormats.some((text) => text === format);
}

export function contentType(offer: Offer, escaping: string | undefined): string {
  const params = Object.entries(offer.params).map(([name, value]) => `; ${name}=${value}`);
  const base = `${offer.type}${params.join('')}${isText(offer.format) ? '; charset=utf-8' : ''}`;
  if (escaping === undefined || !offer.escapes) return base;
  return `${base}; escaping=${withoutEffect.has(escaping) ? escaping : 'underscores'}`;
}
