/**
 * A limit on the calls that a client of HTTP/2 cancels: it may not have work begun and give it up again without end (RFC 9113,
 * section 10.5; CVE-2023-44487). That of `node:http2` (`streamResetRate`) lets all calls begin that come in one read of the
 * connection.
 */
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { createTokenBucket } from '../web-config/token-bucket.ts';

/** So many at once are those of a client with 100 calls under way that are all out of time, twice. */
export const resets = { burst: 200, intervalMs: 30 };

/** What a connection that ended for this is counted as. */
export const tooManyResets = 'too_many_resets';
/** Why, for the log. */
export const cancelsTooFast = 'a client cancels its calls faster than the service may begin them; its connection ends';

/**
 * Takes each call of a connection that has closed.
 * @param ended called where the connection ends
 */
export function boundResets(session: ServerHttp2Session, ended: () => void): (closed: ServerHttp2Stream) => void {
  const mayReset = createTokenBucket(resets, () => performance.now());
  return ({ aborted, rstCode }) => {
    const isCancelled = aborted || rstCode === constants.NGHTTP2_CANCEL;
    if (!isCancelled || mayReset() || session.destroyed) return;
    ended();
    session.destroy(new Error(cancelsTooFast), constants.NGHTTP2_ENHANCE_YOUR_CALM);
  };
}
