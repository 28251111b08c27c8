/** `meterbridge/access`: who may read the metrics, the response to everyone else, and the access log. */
import './core/node/supported.ts';

export { type ClientOf, compileProxies, type Proxies, trustedProxies } from './net/access/client-address.ts';
export { allOf } from './net/access/gates/all-of.ts';
export { anyOf } from './net/access/gates/any-of.ts';
export { type ApiKey, apiKeys } from './net/access/gates/api-keys.ts';
export { bearer } from './net/access/gates/bearer.ts';
export { cidr } from './net/access/gates/cidr.ts';
export { type CompileOptions, compileGate } from './net/access/gates/compile-gate.ts';
export type { Caller, Decide, Decision, Gate, RefusalReason, StoredKey } from './net/access/gates/gate.ts';
export { loopback } from './net/access/gates/loopback.ts';
export { open } from './net/access/gates/open.ts';
export {
  type Access,
  type AccessEvents,
  createGuard,
  type Guard,
  guarded,
  type Refused,
  tenantOf,
} from './net/access/guarded.ts';
export { logged } from './net/access/log/logged.ts';
export { newRequestId } from './net/access/log/request-id.ts';
export type { RequestLog } from './net/access/log/request-log.ts';
export { logRequests } from './net/access/log/server-log.ts';
export { type FixedReply, jsonError, notFound, unauthorized } from './net/access/refusal.ts';
export { type Secret, secret, secretFile } from './net/access/secret.ts';
