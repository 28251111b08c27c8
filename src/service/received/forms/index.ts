import { metricType } from '../../../formats/otlp/batch/batch-index.ts';
import { exponentialForm } from './exponential.ts';
import type { Form } from './form.ts';
import { histogramForm } from './histogram.ts';
import { numberForm } from './number.ts';
import { summaryForm } from './summary.ts';

export type { Form } from './form.ts';

const forms: Readonly<Record<number, Form>> = {
  [metricType.gauge]: numberForm,
  [metricType.sum]: numberForm,
  [metricType.histogram]: histogramForm,
  [metricType.exponentialHistogram]: exponentialForm,
  [metricType.summary]: summaryForm,
};

/** Of points of a type, by its number in an index. */
export function formOf(type: number): Form {
  return forms[type] as Form;
}
