/** The packages of the SDK engine. They are optional, so that no import may name them for more than their types. */
import { checkInstalled, loadPackage } from '../../../core/node/optional-packages.ts';

type SdkMetrics = typeof import('@opentelemetry/sdk-metrics');
type PrometheusExporter = typeof import('@opentelemetry/exporter-prometheus');

const metrics = '@opentelemetry/sdk-metrics';
const prometheus = '@opentelemetry/exporter-prometheus';

/** @throws DEPENDENCY_MISSING */
export function checkSdkPackages(): void {
  checkInstalled('sdkEngine()', [metrics, prometheus]);
}

export const sdkMetrics = (): SdkMetrics => loadPackage(metrics);
export const prometheusExporter = (): PrometheusExporter => loadPackage(prometheus);
