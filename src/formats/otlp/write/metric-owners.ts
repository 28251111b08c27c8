/**
 * The resource, the scope and the metric of the points that follow. They are written when their first point comes (so what has no
 * point is not sent), and again in each request that goes on with them, as OTLP allows.
 */
import type { MetricHead, ResourceHead, ScopeHead } from './metrics-writer.ts';
import type { ProtobufEncoder } from './protobuf-encoder.ts';

export class MetricOwners {
  private readonly encoder: ProtobufEncoder;
  private resource: ResourceHead | undefined;
  private scope: ScopeHead | undefined;
  private metric: MetricHead | undefined;
  /** The parts that are open in the encoder. */
  private inResource = false;
  private openScope: ScopeHead | undefined;
  private openMetric: MetricHead | undefined;

  constructor(encoder: ProtobufEncoder) {
    this.encoder = encoder;
  }

  setResource(next: ResourceHead): void {
    this.close();
    this.resource = next;
    this.scope = undefined;
    this.metric = undefined;
  }

  setScope(next: ScopeHead): void {
    this.closeScope();
    this.scope = next;
    this.metric = undefined;
  }

  setMetric(next: MetricHead): void {
    this.closeMetric();
    this.metric = next;
  }

  /** Before each point. */
  open(): void {
    if (this.openMetric === undefined) this.openAll();
  }

  /** At the end of a request. */
  close(): void {
    this.closeScope();
    if (this.inResource) this.encoder.closeResource();
    this.inResource = false;
  }

  /** Nothing is open, because the encoder was cleared. */
  clear(): void {
    this.inResource = false;
    this.openScope = undefined;
    this.openMetric = undefined;
  }

  private openAll(): void {
    const { encoder, resource, scope, metric } = this;
    if (resource === undefined || scope === undefined || metric === undefined) throw new Error('BUG: a point without a metric');
    if (!this.inResource) encoder.openResource(resource);
    this.inResource = true;
    if (this.openScope === undefined) encoder.openScope(scope);
    this.openScope = scope;
    encoder.openMetric(metric);
    this.openMetric = metric;
  }

  private closeMetric(): void {
    if (this.openMetric !== undefined) this.encoder.closeMetric(this.openMetric);
    this.openMetric = undefined;
  }

  private closeScope(): void {
    this.closeMetric();
    if (this.openScope !== undefined) this.encoder.closeScope(this.openScope.schemaUrl);
    this.openScope = undefined;
  }
}
