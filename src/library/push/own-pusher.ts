/** Push by Meterbridge's own encoder: collect, encode, send, one push at a time. It does not load the SDK. */
import type { View } from '../../core/store/store.ts';
import { encodeAttributes } from '../../formats/otlp/value/attributes.ts';
import type { Outcome } from '../../net/otlp-client/answers/failure.ts';
import { createNodePoster } from '../../net/otlp-client/node-poster.ts';
import { createSender } from '../../net/otlp-client/sender.ts';
import { clientSettingsOf } from './client-settings-of.ts';
import { collect } from './collect.ts';
import { createBaseline } from './encode/baseline.ts';
import { createStoreEncoder } from './encode/encode-store.ts';
import { createSentSeries } from './encode/sent-series.ts';
import { packageVersion } from './package-version.ts';
import type { Pusher, PushReport, PushStart } from './pusher.ts';
import { createTurns } from './turns.ts';

export async function createOwnPusher(options: PushStart, report: PushReport): Promise<Pusher> {
  const { settings, onLeftOut, clock = Date.now, ageClock = () => performance.now() } = options;
  const client = clientSettingsOf(settings);
  let shown: View | undefined = options.view;
  const view: View = { walk: (visitor, from, cells) => shown?.walk(visitor, from, cells) };
  const sender = createSender(client, createNodePoster(settings.target().tls));
  const sent = createSentSeries();
  const baseline = settings.temporality === 'cumulative' ? undefined : createBaseline(settings.temporality);
  const resource = encodeAttributes({ ...sdkAttributes(), ...settings.resource });
  const { histograms } = settings;
  const written = { view, histograms, encoding: client.encoding, resource, sent, baseline, clock, ageClock, onLeftOut };
  const encoder = createStoreEncoder(written);
  const turns = createTurns();
  let endBy = Number.POSITIVE_INFINITY;
  let cut = new AbortController();
  let ended = false;

  async function send({ signal }: AbortController): Promise<Outcome> {
    const until = Math.min(performance.now() + settings.timeoutMs, endBy);
    let remark: string | undefined;
    for await (const { bytes, points } of encoder.push()) {
      const outcome = await sender.send(bytes, until, signal);
      if (outcome.failure !== undefined) return outcome;
      // A partial success counts as accepted: the response does not name the rejected points, and the accepted ones must not be
      // counted again.
      baseline?.accepted(points);
      remark ??= outcome.remark;
    }
    sent.delivered();
    return { failure: undefined, remark };
  }

  const isHeld = () => performance.now() < sender.heldUntil();

  /**
   * An aborted push is not reported, because the last push follows and is. While `Retry-After` holds, only the last push is sent.
   */
  async function push(last: boolean): Promise<boolean> {
    const own = cut;
    if (!last && isHeld()) return false;
    try {
      shown = await collect(options, Math.max(1, Math.min(settings.timeoutMs, (endBy - performance.now()) / 2)), own.signal);
      if (own.signal.aborted || ended || shown === undefined) return false;
      const began = performance.now();
      const outcome = await send(own);
      if (own.signal.aborted && outcome.failure !== undefined) return false;
      report.pushed(outcome, (performance.now() - began) / 1000);
      return outcome.failure === undefined;
    } catch (error) {
      report.unreadable(error);
      return false;
    }
  }

  const inTurn = (last = false) => turns.run(() => push(last));

  const timer = setInterval(() => {
    if (!turns.isBusy()) inTurn();
  }, settings.intervalMs).unref();

  return Object.freeze({
    flush: () => (isHeld() ? Promise.resolve(false) : inTurn()),
    hurry(deadline: number) {
      endBy = deadline;
      const own = cut;
      cut = new AbortController();
      const abort = () => own.abort(new Error('push was cut off'));
      // A receiver may have accepted a request whose response is cut off. It then gets totals again, but would count deltas
      // twice: they get half of the time for a response.
      if (baseline === undefined) abort();
      else setTimeout(abort, Math.max(1, (deadline - performance.now()) / 2)).unref();
    },
    async shutdown() {
      clearInterval(timer);
      await inTurn(true);
    },
    end() {
      ended = true;
      clearInterval(timer);
      cut.abort(new Error('push is closed'));
      sender.close();
    },
  });
}

/** OpenTelemetry resource semantic conventions: an SDK other than OpenTelemetry's uses its own name. */
function sdkAttributes(): Record<string, string> {
  return { 'telemetry.sdk.language': 'nodejs', 'telemetry.sdk.name': 'meterbridge', 'telemetry.sdk.version': packageVersion() };
}
