/** From an `Accept` header to the format to write and the content type to name. */
import { type AcceptEntry, parseAccept } from './accept.ts';
import type { TextFormat } from './format.ts';

export interface Negotiated {
  readonly format: TextFormat;
  readonly contentType: string;
}

interface Offer {
  readonly format: TextFormat;
  readonly type: string;
  readonly version: string;
  /** Formats of version 1.0.0 and later say how names were escaped. */
  readonly escapes: boolean;
}

/** The first offer of a type is what a client gets that names no version. */
const offers: readonly Offer[] = [
  { format: 'openmetrics', type: 'application/openmetrics-text', version: '1.0.0', escapes: true },
  { format: 'openmetrics', type: 'application/openmetrics-text', version: '0.0.1', escapes: false },
  { format: 'text', type: 'text/plain', version: '0.0.4', escapes: false },
  { format: 'text', type: 'text/plain', version: '1.0.0', escapes: true },
];

/**
 * Answered as asked. Our names are legal without escaping, so that these three come to the same bytes; `dots` would double
 * underscores, so that a client that asks for it is told `underscores`, which is what it gets.
 */
const escapings = new Set(['allow-utf-8', 'underscores', 'values']);

/**
 * The best match for a client: by weight, then by how precisely it names a type, then in its order. `preferred` is for a client
 * that states no preference: no header, the full wildcard, or only types that nobody here writes.
 */
export function negotiate(accept: string | undefined, preferred: TextFormat): Negotiated {
  const entries = parseAccept(accept ?? '');
  const refused = new Set(entries.filter((entry) => entry.q === 0).flatMap((entry) => offersFor(entry, preferred)));
  const wanted = entries.filter((entry) => entry.q > 0).sort((a, b) => b.q - a.q || precision(b) - precision(a));
  for (const entry of wanted) {
    const offer = offersFor(entry, preferred).find((candidate) => !isRefused(candidate, refused, entry));
    if (offer !== undefined) return { format: offer.format, contentType: contentType(offer, entry.params.get('escaping')) };
  }
  const fallback = firstOf(preferred);
  return { format: preferred, contentType: contentType(fallback, undefined) };
}

/** A refusal counts against wildcards only: who names a type and refuses another range still wants the type. */
function isRefused(offer: Offer, refused: ReadonlySet<Offer>, entry: AcceptEntry): boolean {
  return precision(entry) < 2 && refused.has(offer);
}

/** Which offers a media range covers, the best one first. */
function offersFor(entry: AcceptEntry, preferred: TextFormat): readonly Offer[] {
  if (entry.value === '*/*') return [firstOf(preferred), ...offers.filter((offer) => offer.format !== preferred)];
  if (entry.value.endsWith('/*')) return offers.filter((offer) => offer.type.startsWith(entry.value.slice(0, -1)));
  const version = entry.params.get('version');
  return offers.filter((offer) => offer.type === entry.value && (version === undefined || version === offer.version));
}

function firstOf(format: TextFormat): Offer {
  const offer = offers.find((candidate) => candidate.format === format);
  if (offer === undefined) throw new Error(`BUG: no offer for ${format}`);
  return offer;
}

function precision(entry: AcceptEntry): number {
  if (entry.value === '*/*') return 0;
  if (entry.value.endsWith('/*')) return 1;
  return entry.params.has('version') ? 3 : 2;
}

function contentType(offer: Offer, escaping: string | undefined): string {
  const base = `${offer.type}; version=${offer.version}; charset=utf-8`;
  if (escaping === undefined || !offer.escapes) return base;
  return `${base}; escaping=${escapings.has(escaping) ? escaping : 'underscores'}`;
}
