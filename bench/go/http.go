package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

type order struct {
	URL     string            `json:"url"`
	Times   int               `json:"times"`
	Headers map[string]string `json:"headers"`
}

type answered struct {
	MS    float64 `json:"ms"`
	Bytes int     `json:"bytes"`
}

// scraping plays a case of bench/suites/http.ts: promhttp with the same series, scraped by the same client.
func scraping(name string, quick bool) func() values {
	variant := strings.TrimPrefix(name, "http-")
	series, lines, most, warmUps := 0, 200_000, 400, 4_000
	if quick {
		lines, most, warmUps = 20_000, 60, 300
	}
	fmt.Sscanf(variant, "%d", &series)
	if strings.HasPrefix(variant, "100k") {
		series = 100_000
	}
	headers := map[string]string{}
	if strings.HasSuffix(variant, "-gzip") {
		headers["accept-encoding"] = "gzip"
	}
	if strings.HasSuffix(variant, "-openmetrics") {
		headers["accept"] = "application/openmetrics-text; version=1.0.0"
	}
	registry := prometheus.NewRegistry()
	vec := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shop_requests_total", Help: "Requests."}, []string{"method", "route"})
	registry.MustRegister(vec)
	methods := []string{"GET", "POST", "PUT", "DELETE"}
	labels := make([][2]string, series)
	for index := range labels {
		labels[index] = [2]string{methods[index%4], fmt.Sprintf("/api/orders/:id/items/v%d", index/4)}
		vec.WithLabelValues(labels[index][0], labels[index][1]).Inc()
	}
	if strings.HasSuffix(variant, "-observed") {
		queue := prometheus.GaugeOpts{Name: "shop_queue", Help: "Jobs that wait."}
		registry.MustRegister(prometheus.NewGaugeFunc(queue, func() float64 { return 42 }))
	}
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	go http.Serve(listener, promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	scrape := startClient()
	times := max(3, min(most, lines/series))
	asked := order{"http://" + listener.Addr().String() + "/metrics", times, headers}
	warm := asked
	warm.Times = min(warmUps, times*10)
	scrape(warm)
	next := 0
	record := func(stop chan struct{}) {
		for tick := time.NewTicker(10 * time.Millisecond); ; {
			select {
			case <-stop:
				tick.Stop()
				return
			case <-tick.C:
				for range 40 {
					one := labels[next%series]
					next++
					vec.WithLabelValues(one[0], one[1]).Inc()
				}
			}
		}
	}
	return func() values {
		runtime.GC()
		stop := make(chan struct{})
		if !strings.HasSuffix(variant, "-unchanged") {
			go record(stop)
		}
		before := cpuMicros()
		found := scrape(asked)
		cpu := cpuMicros() - before
		close(stop)
		return values{"CPU µs": cpu / float64(times), "ms": found.MS}
	}
}

func startClient() func(order) answered {
	client := exec.Command(os.Getenv("BENCH_NODE"), os.Getenv("BENCH_CLIENT"))
	client.Stderr = os.Stderr
	in := must(client.StdinPipe())
	out := bufio.NewReader(must(client.StdoutPipe()))
	if err := client.Start(); err != nil {
		panic(err)
	}
	return func(asked order) (found answered) {
		json.NewEncoder(in).Encode(asked)
		line, err := out.ReadBytes('\n')
		if err == io.EOF {
			panic("the client ended")
		}
		if err := json.Unmarshal(line, &found); err != nil {
			panic(err)
		}
		return found
	}
}

func cpuMicros() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e3
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
