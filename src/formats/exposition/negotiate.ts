/** Chooses the format and the content type by an `Accept` header. */
import { type AcceptEntry, parseAccept } from './accept.ts';
import { type Escaping, escapings } from './escaping.ts';
import { allFormats, contentType, type ExpositionFormat, jsonType, type Offer, offers, type TextFormat } from './format.ts';

export interface Negotiated {
  readonly format: ExpositionFormat;
  readonly contentType: string;
}

/** An offer, and the range of the header that decides its weight. */
interface Match {
  readonly offer: Offer;
  readonly entry: AcceptEntry;
  readonly place: number;
}

/**
 * The best offer for a client. The most precise range that matches an offer decides its weight (RFC 9110, section 12.5.1). Among
 * equal weights the more precise range wins, then the earlier one. A client gets `preferred` if it states no preference (no
 * header, the full wildcard, or only types that Meterbridge does not write) or rejects every offer. Only clients that request
 * them by name get protobuf and JSON.
 *
 * @param offered the formats that a client can get, `preferred` among them. Default: all.
 * @param escaping how names are written that are not legal without: the content type names it, in all versions. Default: all
 * names are legal.
 */
export function negotiate(
  accept: string | undefined,
  preferred: TextFormat,
  offered?: readonly ExpositionFormat[],
  escaping?: Escaping,
): Negotiated {
  const best = bestOf(parseAccept(accept ?? ''), preferred, offered);
  const offer = best?.offer ?? firstOf(preferred);
  const asked = contentType(offer, escaping === undefined ? best?.entry.params.get('escaping') : undefined);
  return { format: offer.format, contentType: escaping === undefined ? asked : `${asked}; escaping=${escaping}` };
}

/**
 * The escaping that a client requests: the last one that is named by its ranges from the best down to the one that `negotiate`
 * takes, as in client_golang. Prometheus names it in ranges of version 1.0.0, for which a Collector responds with text 0.0.4.
 */
export function escapingOf(accept: string | undefined, preferred: TextFormat, offered?: readonly ExpositionFormat[]): Escaping {
  const entries = parseAccept(accept ?? '');
  const taken = bestOf(entries, preferred, offered)?.entry;
  let wanted: Escaping = 'underscores';
  for (const entry of entries.toSorted((a, b) => b.q - a.q)) {
    wanted = escapings.find((escaping) => escaping === entry.params.get('escaping')) ?? wanted;
    if (entry === taken) break;
  }
  return wanted;
}

function bestOf(
  entries: readonly AcceptEntry[],
  preferred: TextFormat,
  offered: readonly ExpositionFormat[] = allFormats,
): Match | undefined {
  const available = offers.filter(({ format }) => offered.includes(format));
  const ordered = available.toSorted((a, b) => Number(b.format === preferred) - Number(a.format === preferred));
  return ordered
    .flatMap((offer) => deciding(entries, offer) ?? [])
    .filter(({ entry }) => entry.q > 0)
    .sort((a, b) => b.entry.q - a.entry.q || precision(b.entry) - precision(a.entry) || a.place - b.place)
    .at(0);
}

/** Of equally precise ranges, which the RFC does not order, the one with more weight. */
function deciding(entries: readonly AcceptEntry[], offer: Offer): Match | undefined {
  let found: Match | undefined;
  for (const [place, entry] of entries.entries()) {
    if (!covers(entry, offer)) continue;
    const more = found === undefined ? 1 : precision(entry) - precision(found.entry) || entry.q - found.entry.q;
    if (more > 0) found = { offer, entry, place };
  }
  return found;
}

function covers({ value, params }: AcceptEntry, { type, onlyByName, params: own }: Offer): boolean {
  const isNamed =
    value === type && Object.entries(own).every(([name, is]) => (params.get(name) ?? (onlyByName ? undefined : is)) === is);
  // Prometheus 0.x had a schema of its own in JSON.
  if (type === jsonType && params.has('schema')) return false;
  return isNamed || (!onlyByName && (value === '*/*' || (value.endsWith('/*') && type.startsWith(value.slice(0, -1)))));
}

function firstOf(format: TextFormat): Offer {
  const offer = offers.find((candidate) => candidate.format === format);
  if (offer === undefined) throw new Error(`BUG: no offer for ${format}`);
  return offer;
}

function precision(entry: AcceptEntry): number {
  if (entry.value === '*/*') return 0;
  if (entry.value.endsWith('/*')) return 1;
  return ['version', 'proto'].some((name) => entry.params.has(name)) ? 3 : 2;
}
