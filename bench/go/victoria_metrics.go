package main

import (
	"bytes"
	"fmt"

	"github.com/VictoriaMetrics/metrics"
)

// victoriaMetrics keeps the labels inside a metric's name, so a call with labels has to make the name.
type victoriaMetrics struct{}

func seriesName(s shape, a, b string) string {
	return s.name + `{` + s.labels[0] + `="` + a + `",` + s.labels[1] + `="` + b + `"}`
}

func (victoriaMetrics) counters(shapes []shape) []func(float64, string, string) {
	var calls []func(float64, string, string)
	set := metrics.NewSet()
	for _, s := range shapes {
		calls = append(calls, func(value float64, a, b string) { set.GetOrCreateFloatCounter(seriesName(s, a, b)).Add(value) })
	}
	return calls
}

func (victoriaMetrics) bound(shapes []shape) []func(float64, string, string) {
	var calls []func(float64, string, string)
	set := metrics.NewSet()
	for _, s := range shapes {
		counter := set.GetOrCreateFloatCounter(seriesName(s, s.values[0][0], s.values[1][0]))
		calls = append(calls, func(value float64, _, _ string) { counter.Add(value) })
	}
	return calls
}

// histograms: this version has only histograms that choose their own buckets, which cannot be compared.
func (victoriaMetrics) histograms([]shape, []float64) []func(float64, string, string) { return nil }

type written struct {
	set    *metrics.Set
	write  func(round int)
	buffer bytes.Buffer
}

func (w *written) change(round int) { w.write(round) }

func (w *written) render() int {
	w.buffer.Reset()
	w.set.WritePrometheus(&w.buffer)
	return w.buffer.Len()
}

func (victoriaMetrics) gauges(series int) page {
	set := metrics.NewSet()
	bound := make([]*metrics.Gauge, series)
	for index := range bound {
		bound[index] = set.NewGauge(fmt.Sprintf(`bench_value{method=%q,path=%q}`, methods[index%len(methods)], path(index)), nil)
	}
	return &written{set: set, write: func(round int) {
		for index, gauge := range bound {
			gauge.Set(float64(index*37+round*101) / 1000)
		}
	}}
}

func (victoriaMetrics) buckets(int, []float64) page { return nil }
