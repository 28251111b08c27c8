package main

import (
	"fmt"
	"math"
	"math/rand"
	"runtime"
	"time"
)

// shape is an instrument with two labels of its own: the methods and route templates of bench/label-sets.ts, `routes-100`.
type shape struct {
	name   string
	labels []string
	values [][]string
}

const (
	sites = 30
	picks = 1 << 14
)

var verbs = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}

func routes() []string {
	var all []string
	for _, resource := range []string{"orders", "users", "invoices", "items"} {
		for _, rest := range []string{"", "/:id", "/:id/items", "/:id/items/:item", "/:id/items/v2"} {
			all = append(all, "/api/"+resource+rest)
		}
	}
	return all
}

func shapes() []shape {
	all := make([]shape, sites)
	for site := range all {
		all[site].name = fmt.Sprintf("bench_requests_%d", site)
		all[site].labels = []string{fmt.Sprintf("method_%d", site), fmt.Sprintf("route_%d", site)}
		all[site].values = [][]string{verbs, routes()}
	}
	return all
}

// recording measures calls; a value of 0 stands for durations from 1 ms to 20 s.
func recording(calls []func(value float64, a, b string), value float64, quick bool) func() values {
	random := rand.New(rand.NewSource(1))
	texts := shapes()[0].values
	as, bs, vs := make([]string, picks), make([]string, picks), make([]float64, picks)
	for i := range picks {
		as[i], bs[i], vs[i] = texts[0][random.Intn(len(texts[0]))], texts[1][random.Intn(len(texts[1]))], value
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
