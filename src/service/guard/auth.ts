/** `auth` of a server: the extension that decides who may send to it. */
import { componentId, type Infer, notSupported, optional, section } from '../../core/config/schema/index.ts';
import type { AuthRefusal, AuthRequest, Context, Needs } from '../component.ts';

/** gRPC's, and that of clients. */
export const auth = optional(section({ authenticator: componentId() }));

export const httpAuth = optional(
  section({
    authenticator: componentId(),
    request_params: notSupported('leave it out, and send credentials in headers: a URL ends up in logs'),
  }),
);

export type AuthSettings = Infer<typeof auth>;

/** What a server needs of the service for its `auth`. */
export function needsOf(...servers: readonly (AuthSettings | undefined)[]): readonly Needs[] {
  return servers.flatMap((one) => (one === undefined ? [] : [{ extension: one.authenticator, offer: 'serverAuth' }]));
}

/** What a client needs of the service for its `auth`. */
export function clientNeedsOf(settings: AuthSettings): readonly Needs[] {
  return settings === undefined ? [] : [{ extension: settings.authenticator, offer: 'clientAuth' }];
}

/**
 * Headers for the request that is sent now, with lower-case names; none without `auth`. The returned function throws where there
 * are no credentials now: the request may be tried again.
 */
export function clientHeaders(settings: AuthSettings, context: Context): () => Readonly<Record<string, string>> {
  if (settings === undefined) return () => ({});
  const { id } = settings.authenticator;
  return () => {
    const found = context.extension?.(id)?.clientAuth;
    if (found === undefined) throw new Error(`the extension ${id} has no credentials to send`);
    return found.headers();
  };
}

export interface AuthGate {
  readonly challenge: string;
  /** Undefined: the request may pass. Never throws or rejects. */
  check(request: AuthRequest): AuthRefusal | undefined | Promise<AuthRefusal | undefined>;
}

/** Undefined: every client may send. */
export function authGate(settings: AuthSettings, context: Context): AuthGate | undefined {
  if (settings === undefined) return undefined;
  const { id } = settings.authenticator;
  const extension = () => context.extension?.(id)?.serverAuth;
  return Object.freeze({
    get challenge() {
      return extension()?.challenge ?? '';
    },
    // An extension from a plugin may have gone with a reload.
    check: (request: AuthRequest) => {
      const authenticator = extension();
      return authenticator === undefined ? 'unavailable' : authenticator.check(request);
    },
  });
}

/** What a rejected request is counted as. */
export const refusalKinds: Readonly<Record<AuthRefusal, string>> = Object.freeze({
  missing: 'missing_credentials',
  wrong: 'wrong_credentials',
  busy: 'too_many_credentials',
  unavailable: 'no_authenticator',
});

/** The message to the client. */
export const refusalWords: Readonly<Record<AuthRefusal, string>> = Object.freeze({
  missing: 'no credentials',
  wrong: 'invalid credentials',
  busy: 'too many credentials are being checked; send it again',
  unavailable: 'credentials cannot be checked now; send it again',
});

/** Whether the client is to send it again. */
export function isRetryable(refusal: AuthRefusal): boolean {
  return refusal === 'busy' || refusal === 'unavailable';
}
