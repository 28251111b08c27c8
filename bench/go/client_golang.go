package main

import (
	"bytes"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

// clientGolang writes text 0.0.4, or protobuf.
type clientGolang struct{ protobuf bool }

func (clientGolang) counters(shapes []shape) []func(float64, string, string) {
	var calls []func(float64, string, string)
	for _, s := range shapes {
		counter := prometheus.NewCounterVec(prometheus.CounterOpts{Name: s.name, Help: "Benchmark."}, s.labels)
		calls = append(calls, func(value float64, a, b string) { counter.WithLabelValues(a, b).Add(value) })
	}
	return calls
}

func (clientGolang) bound(shapes []shape) []func(float64, string, string) {
	var calls []func(float64, string, string)
	for _, s := range shapes {
		counter := prometheus.NewCounterVec(prometheus.CounterOpts{Name: s.name, Help: "Benchmark."}, s.labels).
			WithLabelValues(s.values[0][0], s.values[1][0])
		calls = append(calls, func(value float64, _, _ string) { counter.Add(value) })
	}
	return calls
}

func (clientGolang) histograms(shapes []shape, bounds []float64) []func(float64, string, string) {
	var calls []func(float64, string, string)
	for _, s := range shapes {
		histogram := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: s.name, Help: "Benchmark.", Buckets: bounds}, s.labels)
		calls = append(calls, func(value float64, a, b string) { histogram.WithLabelValues(a, b).Observe(value) })
	}
	return calls
}

type gathered struct {
	registry *prometheus.Registry
	format   expfmt.FormatType
	write    func(round int)
	buffer   bytes.Buffer
}

func (c clientGolang) format() expfmt.FormatType {
	if c.protobuf {
		return expfmt.TypeProtoDelim
	}
	return expfmt.TypeTextPlain
}

func (g *gathered) change(round int) { g.write(round) }

func (g *gathered) render() int {
	g.buffer.Reset()
	families, err := g.registry.Gather()
	if err != nil {
		panic(err)
	}
	encoder := expfmt.NewEncoder(&g.buffer, expfmt.NewFormat(g.format))
	for _, family := range families {
		if err := encoder.Encode(family); err != nil {
			panic(err)
		}
	}
	return g.buffer.Len()
}

var methods = []string{"GET", "PUT", "POST", "DELETE"}

func path(index int) string { return "/api/items/" + strconv.Itoa(index) }

func (c clientGolang) gauges(series int) page {
	vec := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "bench_value", Help: "Value."}, []string{"method", "path"})
	registry := prometheus.NewRegistry()
	registry.MustRegister(vec)
	bound := make([]prometheus.Gauge, series)
	for index := range bound {
		bound[index] = vec.WithLabelValues(methods[index%len(methods)], path(index))
	}
	return &gathered{registry: registry, format: c.format(), write: func(round int) {
		for index, gauge := range bound {
			gauge.Set(float64(index*37+round*101) / 1000)
		}
	}}
}

func (c clientGolang) buckets(series int, bounds []float64) page {
	vec := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "bench_time_seconds", Help: "Time.", Buckets: bounds}, []string{"path"})
	registry := prometheus.NewRegistry()
	registry.MustRegister(vec)
	bound := make([]prometheus.Observer, series)
	for index := range bound {
		bound[index] = vec.WithLabelValues(path(index))
	}
	return &gathered{registry: registry, format: c.format(), write: func(round int) {
		for index, histogram := range bound {
			histogram.Observe(float64((index+round)%97) / 10)
		}
	}}
}
