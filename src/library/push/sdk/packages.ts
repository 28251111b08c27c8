/** The packages of the stock exporter. They are optional, so that no import may name them for more than their types. */
import { checkInstalled, loadPackage } from '../../../core/node/optional-packages.ts';

type SdkMetrics = typeof import('@opentelemetry/sdk-metrics');
type Resources = typeof import('@opentelemetry/resources');
type OtlpExporter = typeof import('@opentelemetry/exporter-metrics-otlp-http');

const metrics = '@opentelemetry/sdk-metrics';
const resource = '@opentelemetry/resources';
const exporter = '@opentelemetry/exporter-metrics-otlp-http';

/** @throws DEPENDENCY_MISSING */
export function checkExporterPackages(): void {
  checkInstalled("push.exporter 'sdk'", [exporter, metrics, resource]);
}

export const sdkMetrics = (): SdkMetrics => loadPackage(metrics);
export const resources = (): Resources => loadPackage(resource);
export const otlpExporter = (): OtlpExporter => loadPackage(exporter);
