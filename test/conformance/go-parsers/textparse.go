package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/exemplar"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

// One line TYPE, HELP or UNIT, in the order of the page.
type metadata struct {
	Line string `json:"line"`
	Name string `json:"name"`
	Text string `json:"text"`
}

// Numbers are Go's shortest text, so that NaN, the infinities and -0 survive. Times are milliseconds since the epoch.
type sample struct {
	Labels    [][2]string `json:"labels"` // __name__ among them, sorted by name
	Value     string      `json:"value,omitempty"`
	Timestamp *int64      `json:"timestamp,omitempty"`
	Start     int64       `json:"start,omitempty"`
	Histogram *native     `json:"histogram,omitempty"`
	Exemplars []example   `json:"exemplars,omitempty"`
}

type example struct {
	Labels    [][2]string `json:"labels"`
	Value     string      `json:"value"`
	Timestamp *int64      `json:"timestamp,omitempty"`
}

// A native histogram with absolute counts per bucket.
type native struct {
	Schema        int32      `json:"schema"`
	ZeroThreshold string     `json:"zeroThreshold"`
	ZeroCount     string     `json:"zeroCount"`
	Count         string     `json:"count"`
	Sum           string     `json:"sum"`
	PositiveSpans [][2]int64 `json:"positiveSpans"` // Offset and length
	Positive      []string   `json:"positive"`
	NegativeSpans [][2]int64 `json:"negativeSpans"`
	Negative      []string   `json:"negative"`
	Gauge         bool       `json:"gauge"`
	Float         bool       `json:"float"`
}

func number(value float64) string { return strconv.FormatFloat(value, 'g', -1, 64) }

func readTextparse(asked request, page []byte, result *answer) error {
	parser, err := textparse.New(page, asked.ContentType, labels.NewSymbolTable(), textparse.ParserOptions{
		IgnoreNativeHistograms:                  asked.DropNative,
		KeepClassicOnClassicAndNativeHistograms: !asked.DropClassic,
		OpenMetricsSkipSTSeries:                 asked.SkipCreated,
	})
	if err != nil {
		return err
	}
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch entry {
		case textparse.EntryType:
			name, kind := parser.Type()
			result.add(asked, "TYPE", name, []byte(kind))
		case textparse.EntryHelp:
			name, help := parser.Help()
			result.add(asked, "HELP", name, help)
		case textparse.EntryUnit:
			name, unit := parser.Unit()
			result.add(asked, "UNIT", name, unit)
		case textparse.EntrySeries, textparse.EntryHistogram:
			if err := readSample(asked, parser, entry, result); err != nil {
				return err
			}
		}
	}
}

func (result *answer) add(asked request, line string, name, text []byte) {
	if !asked.CountOnly {
		result.Metadata = append(result.Metadata, metadata{line, string(name), string(text)})
	}
}

func readSample(asked request, parser textparse.Parser, entry textparse.Entry, result *answer) error {
	var read sample
	if entry == textparse.EntryHistogram {
		_, timestamp, whole, float := parser.Histogram()
		read.Timestamp = timestamp
		if whole != nil {
			read.Histogram = nativeOf(whole.ToFloat(nil), false)
		} else {
			read.Histogram = nativeOf(float, true)
		}
	} else {
		_, timestamp, value := parser.Series()
		read.Timestamp = timestamp
		if !asked.CountOnly {
			read.Value = number(value)
		}
	}
	var set labels.Labels
	parser.Labels(&set)
	result.Count++
	// What follows is what a scrape does, too: it fails whole where a series has no name, or an impossible one.
	if !set.Has(model.MetricNameLabel) {
		return errors.New("scrape: metric name label missing")
	}
	if !set.IsValid(model.UTF8Validation) {
		return fmt.Errorf("scrape: invalid metric name or label names: %s", set.String())
	}
	if asked.CountOnly {
		return nil
	}
	read.Labels = pairs(set)
	if read.Timestamp != nil {
		kept := *read.Timestamp
		read.Timestamp = &kept
	}
	// The parser of OpenMetrics looks for it in the lines that follow, and loses them where it has not been asked to skip `_created`.
	if asked.SkipCreated || strings.Contains(asked.ContentType, "protobuf") {
		read.Start = parser.StartTimestamp()
	}
	for {
		var found exemplar.Exemplar
		if !parser.Exemplar(&found) {
			break
		}
		shown := example{Labels: pairs(found.Labels), Value: number(found.Value)}
		if found.HasTs {
			shown.Timestamp = &found.Ts
		}
		read.Exemplars = append(read.Exemplars, shown)
	}
	result.Samples = append(result.Samples, read)
	return nil
}

func pairs(set labels.Labels) [][2]string {
	found := [][2]string{}
	set.Range(func(l labels.Label) { found = append(found, [2]string{l.Name, l.Value}) })
	return found
}

func nativeOf(h *histogram.FloatHistogram, float bool) *native {
	spans := func(from []histogram.Span) [][2]int64 {
		found := [][2]int64{}
		for _, span := range from {
			found = append(found, [2]int64{int64(span.Offset), int64(span.Length)})
		}
		return found
	}
	counts := func(from []float64) []string {
		found := []string{}
		for _, count := range from {
			found = append(found, number(count))
		}
		return found
	}
	return &native{
		Schema: h.Schema, ZeroThreshold: number(h.ZeroThreshold), ZeroCount: number(h.ZeroCount), Count: number(h.Count), Sum: number(h.Sum),
		PositiveSpans: spans(h.PositiveSpans), Positive: counts(h.PositiveBuckets),
		NegativeSpans: spans(h.NegativeSpans), Negative: counts(h.NegativeBuckets),
		Gauge: h.CounterResetHint == histogram.GaugeType, Float: float,
	}
}
