/** `meterbridge/access`: who may read the metrics, the response to everyone else, and the access log. */
import './node/supported.ts';

export { type ClientOf, compileProxies, type Proxies, trustedProxies } from './access/client-address.ts';
export { allOf } from './access/gates/all-of.ts';
export { anyOf } from './access/gates/any-of.ts';
export { type ApiKey, apiKeys } from './access/gates/api-keys.ts';
export { bearer } from './access/gates/bearer.ts';
export { cidr } from './access/gates/cidr.ts';
export { type CompileOptions, compileGate } from './access/gates/compile-gate.ts';
export type { Caller, Decide, Decision, Gate, RefusalReason, StoredKey } from './access/gates/gate.ts';
export { loopback } from './access/gates/loopback.ts';
export { open } from './access/gates/open.ts';
export { type Access, type AccessEvents, createGuard, type Guard, guarded, type Refused, tenantOf } from './access/guarded.ts';
export { logged } from './access/log/logged.ts';
export { newRequestId } from './access/log/request-id.ts';
export type { RequestLog } from './access/log/request-log.ts';
export { logRequests } from './access/log/server-log.ts';
export { type FixedReply, jsonError, notFound, unauthorized } from './access/refusal.ts';
export { type Secret, secret, secretFile } from './access/secret.ts';
