/**
 * What the page knows: the answers of `/api/*`, of the service and of a bridge. Data only. An optional field that is absent means
 * that it is not known, or that there is no such thing; it is never 0 for that. Texts come from configurations and senders:
 * whoever shows them escapes them.
 */
export type { Producer, Producers, Scraper, Scrapers } from './clients.ts';
export type { Flow, Graph, GraphEdge, GraphNode, Pipeline, Queue, Reload } from './graph.ts';
export type { PerMinute, Rate } from './rates.ts';
export type { Refusal, Refusals } from './refusals.ts';
export type { Family, FamilyRow, LabelRow, Labels, Series, SeriesStore } from './series.ts';
export type { Config, DiffLine, DiskState, Extensions, Features, Part, Status } from './service.ts';
export { edgeKey, type Tick, type TickNode } from './tick.ts';
