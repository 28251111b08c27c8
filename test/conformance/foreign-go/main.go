// Command foreign-go is a program with the OpenTelemetry SDK for Go. It measures once with each kind of instrument, pushes that to
// OTEL_EXPORTER_OTLP_ENDPOINT over OTLP/HTTP, and ends.
//
// With PAGE=ADDRESS it pushes nothing: it shows the page of OpenTelemetry's exporter for Prometheus at that address, and prints its URL, until it is
// stopped.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "foreign-go:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if address := os.Getenv("PAGE"); address != "" {
		return show(ctx, address)
	}
	exporter, err := otlpmetrichttp.New(ctx, otlpmetrichttp.WithInsecure())
	if err != nil {
		return err
	}
	provider := provide(sdk.NewPeriodicReader(exporter))
	if err := measure(ctx, provider.Meter("shop", metric.WithInstrumentationVersion("1.2.3"))); err != nil {
		return err
	}
	return provider.Shutdown(ctx)
}

func show(ctx context.Context, address string) error {
	exporter, err := prometheus.New()
	if err != nil {
		return err
	}
	if err := measure(ctx, provide(exporter).Meter("shop", metric.WithInstrumentationVersion("1.2.3"))); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/metrics\n", listener.Addr())
	return http.Serve(listener, promhttp.Handler())
}

func provide(reader sdk.Reader) *sdk.MeterProvider {
	exponential := sdk.NewView(
		sdk.Instrument{Name: "shop.upload.size"},
		sdk.Stream{Aggregation: sdk.AggregationBase2ExponentialHistogram{MaxSize: 160, MaxScale: 20}},
	)
	from := resource.NewSchemaless(attribute.String("service.name", "foreign-go"))
	return sdk.NewMeterProvider(sdk.WithReader(reader), sdk.WithView(exponential), sdk.WithResource(from))
}

func measure(ctx context.Context, meter metric.Meter) error {
	var failed error
	keep := func(err error) {
		if failed == nil {
			failed = err
		}
	}
	payment := func(value string) metric.MeasurementOption {
		return metric.WithAttributes(attribute.String("payment", value))
	}

	orders, err := meter.Int64Counter("shop.orders", metric.WithUnit("{order}"), metric.WithDescription("Orders taken."))
	keep(err)
	carts, err := meter.Int64UpDownCounter("shop.carts", metric.WithUnit("{cart}"), metric.WithDescription("Carts that are open."))
	keep(err)
	stock, err := meter.Float64Gauge("shop.stock.size", metric.WithUnit("By"), metric.WithDescription("Size of the stock's file."))
	keep(err)
	checkout, err := meter.Float64Histogram("shop.checkout.duration", metric.WithUnit("s"), metric.WithDescription("Time of a checkout."),
		metric.WithExplicitBucketBoundaries(0.1, 0.5, 1, 5))
	keep(err)
	uploads, err := meter.Int64Histogram("shop.upload.size", metric.WithUnit("By"), metric.WithDescription("Size of an upload."))
	keep(err)
	_, err = meter.Float64ObservableCounter("shop.busy.time", metric.WithUnit("s"), metric.WithDescription("Time spent working."),
		metric.WithFloat64Callback(func(_ context.Context, observer metric.Float64Observer) error {
			observer.Observe(12.5)
			return nil
		}))
	keep(err)
	if failed != nil {
		return failed
	}

	orders.Add(ctx, 3, payment("card"))
	orders.Add(ctx, 1, payment("invoice"))
	carts.Add(ctx, 5)
	carts.Add(ctx, -2)
	stock.Record(ctx, 4096, metric.WithAttributes(attribute.String("shelf", "a")))
	stock.Record(ctx, 512, metric.WithAttributes(attribute.String("shelf", "b")))
	for _, seconds := range []float64{0.05, 0.3, 0.7, 9} {
		checkout.Record(ctx, seconds, payment("card"))
	}
	for _, size := range []int64{0, 100, 2_000, 1_000_000} {
		uploads.Record(ctx, size)
	}
	return nil
}
