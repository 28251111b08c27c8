/** Meterbridge's pages in protobuf, as Prometheus asks for them. */
import { bridgeContender } from './bridge-contender.ts';
import type { Contender } from './contender.ts';

const accept = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const { gaugePage, histogramPage } = bridgeContender({}, accept);

/** All else is Meterbridge's. */
export const contender: Contender = Object.freeze<Contender>({
  ...(gaugePage && { gaugePage }),
  ...(histogramPage && { histogramPage }),
});
