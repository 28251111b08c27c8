/**
 * `meterbridge/host`: what a host's endpoint and recorder need to read a configuration and to respond by hand, besides
 * `meterbridge`, `meterbridge/access` and
 * `meterbridge/fastify`. The hosts of `meterbridge/instrumentation/…` use nothing else.
 */
import './node/supported.ts';

export { commaList } from './access/comma-list.ts';
export { replyFrom } from './access/refusal.ts';
export { publicFunctions } from './errors/caller.ts';
export { collectProblems } from './errors/collect-problems.ts';
export { fromCaller } from './errors/from-caller.ts';
export { shown } from './errors/shown.ts';
export { unknownKeys } from './errors/unknown-keys.ts';
export { type Routes, routed } from './http/routes.ts';
export { decodable } from './http/target.ts';
export {
  isLoopbackHost,
  type ListenAddress,
  type ListenAddressResult,
  parseListenAddress,
} from './listen/listen-address.ts';
export { type Formats, withFormats } from './pull/formats.ts';
export { durationOf } from './recording/duration.ts';
