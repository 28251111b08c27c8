/**
 * A request of OTLP/JSON in which each text of a metric is long, in a metric of its own; and so are those of the resource and the
 * scope.
 */
export function textFields(text: string): object {
  const value = { stringValue: text };
  const labels = (key: string, to: object = value) => [{ key, value: to }];
  const at = { startTimeUnixNano: '1700000000000000000', timeUnixNano: '1700000001000000000' };
  const gauge = (name: string, more: object = {}, point: object = {}) => ({
    name,
    gauge: { dataPoints: [{ ...at, asDouble: 1, ...point }] },
    ...more,
  });
  const exemplars = [{ timeUnixNano: at.timeUnixNano, asDouble: 1, filteredAttributes: labels(text) }];
  const metrics = [
    gauge(text),
    gauge('a', { unit: text }),
    gauge('b', { unit: `By/${text}` }),
    gauge('c', { description: text }),
    gauge('d', {}, { attributes: labels(text, { stringValue: 'v' }) }),
    gauge('e', {}, { attributes: labels('k') }),
    gauge('f', {}, { attributes: labels('k', { arrayValue: { values: [value, { kvlistValue: { values: labels(text) } }] } }) }),
    gauge('g', { metadata: labels(text) }),
    { name: 'h', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ ...at, asDouble: 1, exemplars }] } },
  ];
  const scope = { name: text, version: text, attributes: labels(text) };
  const plain = { scopeMetrics: [{ scope: { name: 's' }, metrics }] };
  const named = { resource: { attributes: [...labels('service.name'), ...labels(text)] }, schemaUrl: text };
  return { resourceMetrics: [plain, { ...named, scopeMetrics: [{ scope, schemaUrl: text, metrics: [gauge('z')] }] }] };
}
