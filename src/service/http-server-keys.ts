/** The keys that every component with an HTTP server of its own shares, where it serves requests without a body. */
import { duration, flag, list, notSupported, section, text, wholeNumber, withoutEffect } from '../core/config/schema/index.ts';
import { transport } from '../net/listen/transport.ts';
import { httpAuth } from './guard/auth.ts';
import { cors, responseHeaders } from './guard/cors.ts';
import { serverTls } from './guard/tls-keys.ts';

const timeout = withoutEffect(duration({ default: '0s' }), 'the listener has time limits of its own');
const noBody = 'such a request has no body';

export const httpServerKeys = {
  transport,
  dialer: withoutEffect(section({ timeout: duration({ default: '0s' }) }), 'nothing is dialled'),
  include_metadata: withoutEffect(flag({ default: false }), 'no component here reads client metadata of requests'),
  max_request_body_size: withoutEffect(wholeNumber({ default: 0 }), noBody),
  compression_algorithms: withoutEffect(list(text()), noBody),
  read_timeout: timeout,
  read_header_timeout: timeout,
  write_timeout: timeout,
  idle_timeout: timeout,
  keep_alives_enabled: withoutEffect(flag({ default: true }), 'connections are kept'),
  tls: serverTls,
  auth: httpAuth,
  cors,
  response_headers: responseHeaders,
  middlewares: notSupported(),
} as const;
