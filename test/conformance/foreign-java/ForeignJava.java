import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program with the OpenTelemetry SDK for Java: measures once with each kind of instrument, pushes that to
 * OTEL_EXPORTER_OTLP_ENDPOINT over OTLP/HTTP, and ends.
 */
final class ForeignJava {
  public static void main(String[] args) {
    var exporter = OtlpHttpMetricExporter.builder().setEndpoint(System.getenv("OTEL_EXPORTER_OTLP_ENDPOINT") + "/v1/metrics").build();
    var provider = SdkMeterProvider.builder()
        .setResource(Resource.create(Attributes.of(stringKey("service.name"), "foreign-java")))
        .registerMetricReader(PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build())
        .registerView(
            InstrumentSelector.builder().setName("shop.upload.size").build(),
            View.builder().setAggregation(Aggregation.base2ExponentialBucketHistogram()).build())
        .build();
    measure(provider.meterBuilder("shop").setInstrumentationVersion("1.2.3").build());
    var flushed = provider.forceFlush().join(30, TimeUnit.SECONDS);
    // Not shut down: that would push the same again.
    System.exit(flushed.isSuccess() ? 0 : 1);
  }

  private static void measure(Meter meter) {
    var orders = meter.counterBuilder("shop.orders").setUnit("{order}").setDescription("Orders taken.").build();
    var carts = meter.upDownCounterBuilder("shop.carts").setUnit("{cart}").setDescription("Carts that are open.").build();
    var stock = meter.gaugeBuilder("shop.stock.size").setUnit("By").setDescription("Size of the stock's file.").build();
    var checkout = meter.histogramBuilder("shop.checkout.duration").setUnit("s").setDescription("Time of a checkout.")
        .setExplicitBucketBoundariesAdvice(List.of(0.1, 0.5, 1.0, 5.0)).build();
    var uploads = meter.histogramBuilder("shop.upload.size").ofLongs().setUnit("By").setDescription("Size of an upload.").build();
    meter.counterBuilder("shop.busy.time").ofDoubles().setUnit("s").setDescription("Time spent working.")
        .buildWithCallback(measurement -> measurement.record(12.5));

    var payment = stringKey("payment");
    var shelf = stringKey("shelf");
    orders.add(3, Attributes.of(payment, "card"));
    orders.add(1, Attributes.of(payment, "invoice"));
    carts.add(5);
    carts.add(-2);
    stock.set(4096, Attributes.of(shelf, "a"));
    stock.set(512, Attributes.of(shelf, "b"));
    for (var seconds : new double[] {0.05, 0.3, 0.7, 9}) checkout.record(seconds, Attributes.of(payment, "card"));
    for (var size : new long[] {0, 100, 2_000, 1_000_000}) uploads.record(size);
  }
}
