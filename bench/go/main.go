// Command bench-go plays the Go contenders of the benchmark suite. It speaks the lines of bench/child.ts: a line "round" on standard input is
// answered with a line of figures. Usage: bench-go CONTENDER CASE quick|full
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// page is a set of series that change and are rendered.
type page interface {
	change(round int)
	// render writes one whole exposition and returns its length.
	render() int
}

// contender is one library; every method prepares what a case measures, nil where it has no such thing.
type contender interface {
	counters(shapes []shape) []func(value float64, a, b string)
	bound(shapes []shape) []func(value float64, a, b string)
	histograms(shapes []shape, bounds []float64) []func(value float64, a, b string)
	gauges(series int) page
	buckets(series int, bounds []float64) page
}

type values map[string]float64

var contenders = map[string]func() contender{
	"client_golang":           func() contender { return clientGolang{} },
	"client_golang-protobuf":  func() contender { return clientGolang{protobuf: true} },
	"VictoriaMetrics/metrics": func() contender { return victoriaMetrics{} },
}

var bounds = []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: bench-go CONTENDER CASE quick|full")
		os.Exit(2)
	}
	create, known := contenders[os.Args[1]]
	if !known {
		fmt.Fprintln(os.Stderr, "no contender", os.Args[1])
		os.Exit(2)
	}
	out := json.NewEncoder(os.Stdout)
	round := prepare(create(), os.Args[2], os.Args[3] == "quick")
	if round == nil {
		out.Encode(map[string]string{"skip": os.Args[1] + " has no " + os.Args[2]})
		return
	}
	out.Encode(map[string]bool{"ready": true})
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		out.Encode(map[string]values{"values": round()})
	}
}

func prepare(c contender, name string, quick bool) func() values {
	lines := 100_000
	if quick {
		lines = 32_000
	}
	var series int
	if n, _ := fmt.Sscanf(name, "series-%d", &series); n == 1 {
		return rendering(c.gauges(series), series)
	}
	if strings.HasPrefix(name, "http-") {
		if _, isClient := c.(clientGolang); !isClient {
			return nil
		}
		return scraping(name, quick)
	}
	switch name {
	case "counter-routes-100":
		return recording(c.counters(shapes()), 1, quick)
	case "counter-bound":
		return recording(c.bound(shapes()), 1, quick)
	case "histogram-routes-100":
		if calls := c.histograms(shapes(), bounds); calls != nil {
			return recording(calls, 0, quick)
		}
	case "render-100k":
		return rendering(c.gauges(lines), lines)
	case "render-1m":
		lines = 1_000_000
		if quick {
			lines = 96_000
		}
		return rendering(c.gauges(lines), lines)
	case "histograms-100k":
		if buckets := c.buckets(lines/(len(bounds)+1), bounds); buckets != nil {
			return rendering(buckets, lines)
		}
	}
	return nil
}

// rendering measures an exposition, two of them ahead. Small pages are rendered until the clock can tell.
func rendering(p page, lines int) func() values {
	round := 0
	for from := time.Now(); round < 2 || time.Since(from) < 300*time.Millisecond; round++ {
		p.change(round)
		p.render()
	}
	return func() values {
		runtime.GC()
		var spent time.Duration
		times := 0
		for ; spent < 20*time.Millisecond; times++ {
			p.change(round)
			round++
			from := time.Now()
			if p.render() < lines*10 {
				panic("too few bytes")
			}
			spent += time.Since(from)
		}
		return values{"ns/line": float64(spent.Nanoseconds()) / float64(times*lines)}
	}
}
