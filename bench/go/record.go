package main

import (
	"fmt"
	"math"
	"math/rand"
	"runtime"
	"time"
)

// shape is an instrument with two labels of its own, ten values each.
type shape struct {
	name   string
	labels []string
	values [][]string
}

const (
	sites = 30
	picks = 1 << 12
)

func shapes() []shape {
	all := make([]shape, sites)
	for site := range all {
		all[site].name = fmt.Sprintf("bench_requests_%d", site)
		for _, word := range []string{"method", "route"} {
			texts := make([]string, 10)
			for value := range texts {
				texts[value] = fmt.Sprintf("%s-%d", word, value)
			}
			all[site].labels = append(all[site].labels, fmt.Sprintf("%s_%d", word, site))
			all[site].values = append(all[site].values, texts)
		}
	}
	return all
}

// recording measures calls; a value of 0 stands for durations from 1 ms to 20 s.
func recording(calls []func(value float64, a, b string), value float64, quick bool) func() values {
	random := rand.New(rand.NewSource(1))
	texts := shapes()[0].values
	as, bs, vs := make([]string, picks), make([]string, picks), make([]float64, picks)
	for i := range picks {
		as[i], bs[i], vs[i] = texts[0][random.Intn(10)], texts[1][random.Intn(10)], value
		if value == 0 {
			vs[i] = 0.001 * math.Pow(20_000, random.Float64())
		}
	}
	turn := 0
	run := func(limit time.Duration) (time.Duration, int) {
		times := 0
		from := time.Now()
		for time.Since(from) < limit {
			for range 200 {
				for _, call := range calls {
					turn = (turn + 1) & (picks - 1)
					call(vs[turn], as[turn], bs[turn])
				}
			}
			times += 200 * len(calls)
		}
		return time.Since(from), times
	}
	warmUp, round := time.Second, 150*time.Millisecond
	if quick {
		warmUp, round = 150*time.Millisecond, 40*time.Millisecond
	}
	run(warmUp)
	return func() values {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		spent, times := run(round)
		runtime.ReadMemStats(&after)
		return values{
			"ns/op": float64(spent.Nanoseconds()) / float64(times),
			"B/op":  math.Round(float64(after.TotalAlloc-before.TotalAlloc) / float64(times)),
		}
	}
}
