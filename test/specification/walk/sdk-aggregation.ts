import { because, by, held, inDevelopment, notInApi, type Page, section } from './walked.ts';

const views = (says: string) => held('library/recording/views/views.test.ts', says);
const exponential = (says: string) => held('core/store/cells/exponential.test.ts', says);
const registered = (says: string) => held('library/recording/registrations.test.ts', says);

export const sdkAggregation: Page = {
  title: 'Metrics SDK: aggregation and instruments',
  sections: [
    section(
      'Aggregation',
      2,
      [1, 'drop, default, sum, last value, histogram with bounds', by.measurements('sums add up, gauges keep the last')],
      [1, 'exponential histogram', held('library/recording/exponential.test.ts', 'buckets follow the values')],
    ),
    section('Histogram Aggregations', 1, [
      1,
      'no sum where values may be negative',
      held('library/push/encode/baseline-histograms.test.ts', 'a histogram of negative values has its counts, and no sum'),
    ]),
    section('Explicit Bucket Histogram Aggregation', 1, [
      1,
      'default boundaries',
      by.instruments('default boundaries, inclusive above'),
    ]),
    section('Handle all normal values', 1, [
      1,
      'infinities and NaN are in no bucket',
      held('library/recording/exponential.test.ts', 'what a histogram refuses, an exponential one does too'),
    ]),
    section('Support a minimum and maximum scale', 1, [
      1,
      'there are limits',
      exponential("scale, offsets and counts are the SDK's"),
    ]),
    section('Use the maximum scale for single measurements', 1, [
      1,
      'one value: the largest scale',
      exponential('nothing, zeros, one value: the largest scale'),
    ]),
    section('Maintain the ideal scale', 1, [
      1,
      'as large as the values allow',
      exponential('the scale falls until the values fit'),
    ]),
    section(
      'Observations inside asynchronous callbacks',
      5,
      [
        1,
        'of the reader that collects alone',
        because('one store for all readers, so that pull and push never differ: a callback runs once, and all see its values'),
      ],
      [1, 'use outside of a callback is disregarded', by.callbacks('use outside of a callback is disregarded')],
      [1, 'a callback ends in time', held('library/bridge/late.test.ts', 'its signal aborts after callbackTimeoutMs')],
      [
        1,
        'all end before they begin again',
        held('library/bridge/late.test.ts', 'a scrape waits for the reading that is under way'),
      ],
      [
        1,
        'what is not observed has no data',
        by.callbacks('a set that is not observed during a successful callback has no data'),
      ],
    ),
    section(
      'Start timestamps',
      5,
      [
        2,
        'deltas begin at the last collection, or when the instrument was made, all alike',
        held('library/recording/delta-start.test.ts', 'all deltas of an interval have one start'),
      ],
      [1, 'totals keep their start', by.measurements('a total begins at the first measurement of its series, and keeps that')],
      [
        1,
        'recorded ones begin at the first measurement',
        by.measurements('a total begins at the first measurement of its series, and keeps that'),
      ],
      [
        1,
        'observed ones with their instrument, or at the collection before',
        held('library/recording/start-time.test.ts', 'what a later one finds with the one before'),
      ],
    ),
    section(
      'Cardinality limits',
      2,
      [1, 'there is one', by.measurements('none overflows as long as there are no more sets than the limit, 2,000')],
      [1, 'behind the filter of attributes', views('an attribute is dropped ahead of the limit')],
    ),
    section(
      'Configuration (2)',
      3,
      [2, 'of a view, or of a reader', views('a limit of sets of attributes')],
      [1, '2,000 by default', by.measurements('none overflows as long as there are no more sets than the limit, 2,000')],
    ),
    section('Overflow attribute', 2, [
      2,
      'the excess is under it, and nothing before',
      by.measurements('none overflows as long as there are no more sets than the limit, 2,000'),
    ]),
    section(
      'Synchronous instrument cardinality limits',
      3,
      [
        1,
        'sets from before the overflow go on',
        by.measurements('the limit holds over collections, and sets from before the overflow go on'),
      ],
      [2, 'nothing is lost or counted twice', by.measurements('beyond it, nothing is lost or counted twice')],
    ),
    section('Asynchronous instrument cardinality limits', 1, [
      1,
      'the first ones are preferred',
      by.measurements('the first-observed attributes are preferred'),
    ]),
    section(
      'Meter',
      3,
      [1, 'each is a namespace', by.instruments('distinct meters are separate namespaces')],
      [2, 'follows its configuration', inDevelopment],
    ),
    section('MeterConfig', 4, [4, 'a meter can be disabled', inDevelopment]),
    section(
      'Duplicate instrument registration',
      7,
      [1, 'each works', by.instruments('of other units or kinds: both export data, and a warning tells')],
      [2, 'it is told, and how to resolve it', registered('the log tells of it when the instrument is made, once')],
      [
        1,
        'a view that tells them apart resolves it',
        views('a view that gives one of two instruments of a name another one: no line is logged'),
      ],
      [1, 'so does one that gives the description', views('a view that gives one description to all: no line is logged')],
      [1, 'otherwise both are exported', by.instruments('of other units or kinds: both export data, and a warning tells')],
      [1, 'identical ones are one', by.instruments('identical instruments are aggregated together, without a word')],
    ),
    section('Name conflict', 1, [
      1,
      'the first name counts, and it is told',
      registered('the first name counts, of recorded and of observable instruments'),
    ]),
    section('Instrument name', 2, [2, 'is checked, and told', registered("'an invalid name'")]),
    section(
      'Instrument unit',
      2,
      [1, 'is not checked', by.instruments('it is not validated, and keeps its case')],
      [1, 'null is none', by.instruments('null is as nothing')],
    ),
    section(
      'Instrument description',
      2,
      [1, 'is not checked', by.instruments('it holds 1,023 characters of any script')],
      [1, 'null is none', by.instruments('null is as nothing')],
    ),
    section(
      'Instrument advisory parameters',
      4,
      [
        2,
        'are checked; a wrong one is told, and as if it were not there',
        by.instruments('an error tells of one that is not valid, and it counts as not given'),
      ],
      [1, 'the first ones hold, and others are told', by.instruments('another advice for an identical instrument is told of')],
      [1, 'a view comes first', views('boundaries, ahead of those that the instrument advises')],
    ),
    section('Instrument advisory parameter: `ExplicitBucketBoundaries`', 1, [
      1,
      'they are used (those that are not ascending are told, and sorted: their author meant these)',
      registered('the advice of the first holds, sorted'),
    ]),
    section('Instrument enabled', 2, [2, 'false where nothing is recorded', notInApi]),
    section('Instrument bind', 7, [7, 'as the unbound one', inDevelopment]),
  ],
};
