import { because, held, type Page, section } from './walked.ts';

const filter = (says: string) => held('library/recording/exemplar-filter.test.ts', says);
const exemplars = (says: string) => held('library/recording/exemplars.test.ts', says);
const noOthers = because(
  'no reservoir of a user’s own: they would run inside each measurement, and of their exemplars a row has room for one a bucket',
);

export const sdkExemplars: Page = {
  title: 'Metrics SDK: exemplars',
  sections: [
    section(
      'Exemplar',
      5,
      [1, 'measurements are sampled', exemplars('a measurement in a sampled span stands behind _total and its own bucket')],
      [1, 'by default', filter('counters and histograms show the span that a measurement was made in')],
      [1, 'at no cost where they are off', filter('they take no memory without a context manager, nor where they are off')],
      [1, 'by the buckets of a histogram', filter('counters and histograms show the span that a measurement was made in')],
      [1, 'by configuration of filter and reservoir', filter('is told of, and ignored')],
    ),
    section(
      'ExemplarFilter',
      5,
      [1, 'one of the built-in ones', filter('every measurement, in a span or not, of contracts and others')],
      [1, 'of a provider', because('by the variable alone: a program sets it in options.env')],
      [1, 'trace_based by default', filter('counters and histograms show the span that a measurement was made in')],
      [1, 'by the environment variable', filter('always_on')],
      [1, 'always_on, always_off, trace_based', filter('none, of contracts neither')],
    ),
    section(
      'ExemplarReservoir',
      10,
      [1, 'takes measurements, gives exemplars', exemplars('it stays until a later collection offers another')],
      [1, 'one for each series', exemplars('a series that comes back begins without')],
      [
        2,
        'is offered value, attributes, context, time; only the span is looked at',
        exemplars('with the active and with a given context'),
      ],
      [2, 'of a subset of attributes, it knows those of its series', because('it is given all of them')],
      [1, 'gives them', exemplars('it stays until a later collection offers another')],
      [
        1,
        'within the times of the point',
        held('library/push/push.test.ts', 'exemplars, as far as they are no older than their point'),
      ],
      [
        1,
        'with the attributes that the series does not have',
        held('library/recording/filtered-attributes.test.ts', 'a push has them under their own names'),
      ],
      [1, 'allocates nothing', because('cells of the row take it; only what a context manager makes of a context is allocated')],
    ),
    section(
      'Exemplar defaults',
      4,
      [1, 'the two built-in reservoirs', exemplars('every measurement between two collections has the same chance')],
      [1, 'a bucket each', filter('counters and histograms show the span that a measurement was made in')],
      [
        1,
        'of exponential buckets up to 20',
        because('ten, each for values between two powers of two: the newest of each octave says more than a sample of all'),
      ],
      [1, 'one of all others', filter('a push has those of every kind')],
    ),
    section(
      'SimpleFixedSizeExemplarReservoir',
      3,
      [1, 'each measurement has the same chance', exemplars('every measurement between two collections has the same chance')],
      [1, 'anew each collection', exemplars('it stays until a later collection offers another')],
      [1, 'of size one', filter('a push has those of every kind')],
    ),
    section(
      'AlignedHistogramBucketExemplarReservoir',
      4,
      [2, 'by the bounds of the histogram', filter('counters and histograms show the span that a measurement was made in')],
      [1, 'one a bucket', filter('counters and histograms show the span that a measurement was made in')],
      [1, 'with the same chance', exemplars('every measurement between two collections has the same chance')],
    ),
    section('Custom ExemplarReservoir', 3, [3, 'a user’s own, by a view', noOthers]),
  ],
};
