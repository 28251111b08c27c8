/** `/api/producers`. */
import type { Producers } from '../../status/model/index.ts';
import type { PageValues } from '../../status/page-values.ts';
import type { Producer } from './producer.ts';
import { mostProducers } from './producers.ts';
import type { Watch } from './watch.ts';

const mostShown = { some: 200, all: 1_000 };
/** Intervals without a request. */
const silentGaps = 3;
/** Of one that has sent once, or sends all the time, in milliseconds. */
const leastSilentMs = { unknown: 180_000, known: 10_000 };

export function isSilent({ lastSeen, gap }: Producer, now: number): boolean {
  const after = gap === 0 ? leastSilentMs.unknown : Math.max(leastSilentMs.known, silentGaps * gap);
  return now - lastSeen > after;
}

export function producersAnswer(watch: Watch, all: boolean, now: number, values: PageValues): Producers {
  const { producers, shown } = watch;
  const stores = [...shown.values()];
  const rows = [...producers.known.values()]
    .map((producer) => ({ producer, rate: producer.meter.rate(now) }))
    .sort((one, other) => (other.rate.now ?? 0) - (one.rate.now ?? 0) || other.producer.points - one.producer.points)
    .slice(0, all ? mostShown.all : mostShown.some);
  return {
    at: now,
    producers: rows.map(({ producer, rate }, at) => {
      const {
        job,
        instance,
        sdk,
        sdkVersion,
        language,
        receivers,
        points,
        gap,
        firstSeen,
        lastSeen,
        refused,
        lastRefusal,
        skew,
        bytes,
      } = producer;
      const series = bytes === undefined ? 0 : stores.reduce((sum, store) => sum + store.seriesOf(bytes), 0);
      return {
        key: `${job} ${instance} ${firstSeen} ${at}`,
        job,
        instance,
        ...(sdk !== undefined && { sdk }),
        ...(sdkVersion !== undefined && { sdkVersion }),
        ...(language !== undefined && { language }),
        receivers: [...receivers],
        points,
        rate,
        ...(series > 0 && { series }),
        firstSeen,
        lastSeen,
        silent: isSilent(producer, now),
        ...(gap > 0 && { everySeconds: Math.round(gap) / 1_000 }),
        refused,
        ...(lastRefusal && { lastRefusal: { at: lastRefusal.at, why: values.quoting(lastRefusal.why) } }),
        ...(skew !== undefined && { skewSeconds: Math.round(skew) / 1_000 }),
      };
    }),
    known: producers.known.size,
    limit: mostProducers,
    forgotten: producers.forgotten,
  };
}
