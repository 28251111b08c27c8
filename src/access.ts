/** `meterbridge/access`: who may read the metrics, the answer to everyone else, and the access log. */
import './node/supported.ts';

export { allOf } from './access/all-of.ts';
export { anyOf } from './access/any-of.ts';
export { type ApiKey, apiKeys } from './access/api-keys.ts';
export { bearer } from './access/bearer.ts';
export { cidr } from './access/cidr.ts';
export { type ClientOf, compileProxies, type Proxies, trustedProxies } from './access/client-address.ts';
export { type CompileOptions, compileGate } from './access/compile-gate.ts';
export type { Caller, Decide, Decision, Gate, RefusalReason, StoredKey } from './access/gate.ts';
export { type Access, type AccessEvents, createGuard, type Guard, guarded, type Refused, tenantOf } from './access/guarded.ts';
export { logged } from './access/logged.ts';
export { loopback } from './access/loopback.ts';
export { open } from './access/open.ts';
export { type FixedReply, jsonError, notFound, unauthorized } from './access/refusal.ts';
export { newRequestId } from './access/request-id.ts';
export type { RequestLog } from './access/request-log.ts';
export { type Secret, secret, secretFile } from './access/secret.ts';
export { logRequests } from './access/server-log.ts';
