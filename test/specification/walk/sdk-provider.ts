import { because, by, held, inDevelopment, type Page, section } from './walked.ts';

const views = (says: string) => held('library/recording/views/views.test.ts', says);
const close = (says: string) => held('library/bridge/close.test.ts', says);
const push = (says: string) => held('library/push/push-behaves.ts', says);

export const sdkProvider: Page = {
  title: 'Metrics SDK: MeterProvider and views',
  sections: [
    section('Metrics SDK', 1, [1, 'there is one', because('bridge.meterProvider')]),
    section('MeterProvider', 2, [
      2,
      'a resource can be given, and is that of all metrics',
      held('library/push/settings/settings.test.ts', 'resource: '),
    ]),
    section('MeterProvider Creation', 1, [
      1,
      'several can be made',
      held('library/recording/registrations.test.ts', 'testBridge(declared'),
    ]),
    section(
      'Meter Creation',
      7,
      [1, 'by a provider alone', by.meters('name, version and schema make the scope')],
      [2, 'a scope of what was given', by.meters('name, version and schema make the scope')],
      [
        2,
        'an empty name gives a working meter, which keeps it',
        by.meters('an empty name gives a working meter, which keeps it'),
      ],
      [1, 'and is told', by.meters('is told of, and the meter works')],
      [1, 'a configuration of each meter', inDevelopment],
    ),
    section(
      'Configuration',
      3,
      [1, 'is the provider’s', because('options of the bridge, which has one provider')],
      [2, 'holds for meters that were there before', because('a bridge’s options do not change')],
    ),
    section('View matching mode', 4, [4, 'independent or composable', inDevelopment]),
    section('MeterConfigurator', 2, [2, 'a function of the scope', inDevelopment]),
    section(
      'Shutdown',
      5,
      [1, 'once', push('close pushes a last time, again is the same, and nothing comes after')],
      [1, 'meters afterwards are no-ops', by.meters('a meter asked for afterwards is a no-op')],
      [
        1,
        'says whether it succeeded',
        because('bridge.close() never rejects, and logs what failed: it runs when a program ends; flush() says'),
      ],
      [1, 'ends in time', push('close and flush end at their deadline when nobody answers')],
      [1, 'ends readers and exporters', close('after close nothing is measured, by whichever way')],
    ),
    section(
      'ForceFlush',
      4,
      [1, 'of all readers', push('a flush posts the store as OTLP')],
      [2, 'says whether it succeeded', push('a receiver that is absent and then appears')],
      [1, 'ends in time', push('close and flush end at their deadline when nobody answers')],
    ),
    section('View', 3, [
      3,
      'can be made and registered',
      held('library/recording/views/view-rules.test.ts', 'all that the specification has'),
    ]),
    section('Instrument selection criteria', 10, [
      10,
      'name, type, unit, meter; all that are given have to match',
      held('library/recording/views/beside-sdk.test.ts', 'random views of random instruments'),
    ]),
    section(
      'Stream configuration',
      24,
      [
        19,
        'description, attribute keys, aggregation, cardinality limit; those of the instrument by default',
        held('library/recording/views/beside-sdk.test.ts', 'random views of random instruments'),
      ],
      [2, 'a name selects one instrument', held('library/recording/views/view-rules.test.ts', 'a name for a pattern')],
      [1, 'what exemplars keep of excluded attributes is documented', because('docs/contract.md, "Exemplars"')],
      [2, 'an exemplar reservoir', because('there are no others than the default ones: see "Custom ExemplarReservoir"')],
    ),
    section(
      'Measurement processing',
      8,
      [1, 'each matching view makes a stream', views('two views make two metrics')],
      [1, 'over advice', views('boundaries, ahead of those that the instrument advises')],
      [
        1,
        'what makes no sense is told, and as if it were not there',
        views('an observable instrument has no histogram: it is recorded as if there were no such view'),
      ],
      [
        1,
        'streams of one name are told; a second one that would count twice is not made, unlike SHOULD',
        views('two views that make a metric of one name: the first is applied'),
      ],
      [1, 'none: the default', views('criteria of another meter')],
      [2, 'of composable views', inDevelopment],
      [1, 'advice is honored', by.instruments('they are used')],
    ),
  ],
};
