/** `/api/series`, `/api/labels` and `/api/family` over all exporters that keep series. */
import type { StatusSource } from '../../status/status-source.ts';

export function createSeriesAnswers(_parts: unknown): Pick<StatusSource, 'series' | 'labels' | 'family'> {
  return {};
}
