/**
 * How much of what has no limit of its own one request may have: each costs memory and time in which no other request is served.
 */
import { MalformedRequest } from '../../wire/malformed.ts';

/**
 * Resources, scopes, metrics, and entries within lists and maps that are values, in one request; fields that OTLP does not know
 * count, too.
 */
export const mostElements = 1_000_000;
/**
 * What is read in one go may have so many parts: attributes, exemplars, quantiles and entries within values of one point,
 * resource or scope.
 */
export const mostParts = 100_000;

/** Points of one metric in a request that is to be written in regular form; an index holds fewer. */
export const mostPoints = 2_000_000;
/** Bytes of a list of bucket counts. */
export const mostBucketBytes = 1_048_576;

export const manyElements = `got more than ${mostElements} elements (resources, scopes, metrics, entries of lists and maps); send fewer in one request`;

/** @param where as in `MalformedRequest`, with the byte */
export function tooManyElements(where: string): MalformedRequest {
  return new MalformedRequest(where, manyElements);
}

/** @param where as in `MalformedRequest`, with the byte */
export function tooManyParts(where: string): MalformedRequest {
  const counted = 'attributes, exemplars, quantiles, entries of values, buckets and unknown fields';
  return new MalformedRequest(
    where,
    `got a point, resource or scope with more than ${mostParts} parts (${counted}); send fewer in one`,
  );
}
