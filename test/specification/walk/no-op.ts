import { apiPackage, because, by, held, oneThread, type Page, type Section, section } from './walked.ts';

/** A bridge that is closed gives out the no-op meters of @opentelemetry/api. */
const closed = by.meters('a meter asked for afterwards is a no-op');
const [noState, silent] = [apiPackage, closed];

function creation(kind: string, rules: number): Section {
  return section(
    `${kind} Creation`,
    rules,
    [1, 'is possible', closed],
    [rules - 1, 'takes all parameters, checks and keeps none', noState],
  );
}

function operations(kind: string): Section {
  return section(kind, 2, [1, 'no error, no line', silent], [1, 'is safe to run concurrently', oneThread]);
}

function operation(name: string): Section {
  return section(name, 2, [2, 'is there, checks and keeps nothing', noState]);
}

function observations(kind: string): Section {
  return section(`${kind} Observations`, 1, [1, 'keep nothing', noState]);
}

export const noOp: Page = {
  title: 'Metrics No-Op API Implementation',
  sections: [
    section('Metrics No-Op API Implementation', 1, [1, 'there is one', apiPackage]),
    section(
      'MeterProvider',
      4,
      [2, 'several can be made, which hold no state', apiPackage],
      [
        1,
        'no error, no line',
        because('a closed bridge says once that it is closed, because measurements are lost there: close.test.ts'),
      ],
      [1, 'is safe to run concurrently', oneThread],
    ),
    section('Meter Creation', 4, [2, 'gives no-op meters', closed], [2, 'takes all parameters, checks none', apiPackage]),
    section(
      'Meter',
      3,
      [1, 'holds no state', held('library/bridge/close.test.ts', 'instrument or meter takes memory')],
      [1, 'no error, no line', silent],
      [1, 'is safe to run concurrently', oneThread],
    ),
    creation('Counter', 3),
    creation('UpDownCounter', 3),
    creation('Histogram', 3),
    creation('Asynchronous Counter', 4),
    creation('Asynchronous UpDownCounter', 4),
    creation('Asynchronous Gauge', 4),
    section('Instruments', 1, [1, 'hold no state', held('library/bridge/close.test.ts', 'instrument or meter takes memory')]),
    operations('Counter'),
    operation('Counter Add'),
    operations('UpDownCounter'),
    operation('UpDownCounter Add'),
    operations('Histogram'),
    operation('Histogram Record'),
    operations('Asynchronous Counter'),
    observations('Asynchronous Counter'),
    operations('Asynchronous UpDownCounter'),
    observations('Asynchronous UpDownCounter'),
    operations('Asynchronous Gauge'),
    observations('Asynchronous Gauge'),
  ],
};
