import { because, by, held, type Page, section } from './walked.ts';

const mapping = held(
  'core/store/cells/exponential.test.ts',
  'powers of two and their neighbours are on their own side of the bound',
);
const consumers = because('of what is received, not of an SDK: test/service/received/');

export const dataModel: Page = {
  title: 'Metrics Data Model',
  sections: [
    section(
      'OpenTelemetry Protocol data model: Producer recommendations',
      5,
      [1, 'no two identities of one name', by.instruments('of other units or kinds: both export data, and a warning tells')],
      [
        1,
        'of descriptions the longer one',
        by.instruments('of identical instruments the longest description is used, and a warning tells'),
      ],
      [3, 'other conflicts are told, and passed on', held('library/recording/registrations.test.ts', "'another unit'")],
    ),
    section('Sums', 2, [
      2,
      'monotonic ones do not fall, nor have negative deltas',
      held('library/push/encode/baseline-property.test.ts', 'their times are one unbroken line'),
    ]),
    section('Producer Expectations', 2, [2, 'buckets by a mapping that is exact, or nearly', mapping]),
    section('All Scales: Use the Logarithm Function', 1, [1, 'powers of two are exact', mapping]),
    section('ExponentialHistogram: Consumer Recommendations', 2, [2, 'what is out of range is rejected, and told', consumers]),
    section('Summary (Legacy)', 1, [
      1,
      'quantiles are not negative',
      because('no instrument of the API has quantiles; those of others are as they came'),
    ]),
    section('No recorded value', 2, [2, 'such a series is gone, its other fields mean nothing', consumers]),
    section(
      'Single-Writer',
      5,
      [2, 'a stream has one writer', held('library/bridge/two-copies.test.ts', 'shares the bridge of the first')],
      [
        2,
        'streams are unique by their resource',
        held('library/push/settings/resources.test.ts', 'service.instance.id is a random UUID'),
      ],
      [1, 'a receiver presumes one', consumers],
    ),
    section('Overlap resolution', 1, [1, 'overlapping points are eliminated', consumers]),
    section('Overlap observability', 1, [1, 'and told', consumers]),
    section('Overlap interpolation', 1, [1, 'or corrected', consumers]),
  ],
};
