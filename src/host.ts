/**
 * `meterbridge/host`: what a host's endpoint and recorder need to read a configuration and to respond by hand, besides
 * `meterbridge`, `meterbridge/access` and
 * `meterbridge/fastify`. The hosts of `meterbridge/instrumentation/…` use nothing else.
 */
import './core/node/supported.ts';

export { publicFunctions } from './core/errors/caller.ts';
export { collectProblems } from './core/errors/collect-problems.ts';
export { fromCaller } from './core/errors/from-caller.ts';
export { shown } from './core/errors/shown.ts';
export { unknownKeys } from './core/errors/unknown-keys.ts';
export { durationOf } from './library/recording/duration.ts';
export { commaList } from './net/access/comma-list.ts';
export { replyFrom } from './net/access/refusal.ts';
export { type Routes, routed } from './net/http/routes.ts';
export { decodable } from './net/http/target.ts';
export {
  isLoopbackHost,
  type ListenAddress,
  type ListenAddressResult,
  parseListenAddress,
} from './net/listen/listen-address.ts';
export { type Formats, withFormats } from './net/pull/formats.ts';
