"""A program with the OpenTelemetry SDK for Python: measures once with each kind of instrument, pushes that to OTEL_EXPORTER_OTLP_ENDPOINT, and ends."""

import sys

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource

reader = PeriodicExportingMetricReader(OTLPMetricExporter(), export_interval_millis=3_600_000)
provider = MeterProvider(
    [reader],
    resource=Resource({"service.name": "foreign-python"}),
    shutdown_on_exit=False,
    views=[View(instrument_name="shop.upload.size", aggregation=ExponentialBucketHistogramAggregation())],
)
meter = provider.get_meter("shop", "1.2.3")

orders = meter.create_counter("shop.orders", "{order}", "Orders taken.")
carts = meter.create_up_down_counter("shop.carts", "{cart}", "Carts that are open.")
stock = meter.create_gauge("shop.stock.size", "By", "Size of the stock's file.")
checkout = meter.create_histogram(
    "shop.checkout.duration", "s", "Time of a checkout.", explicit_bucket_boundaries_advisory=[0.1, 0.5, 1, 5]
)
uploads = meter.create_histogram("shop.upload.size", "By", "Size of an upload.")
meter.create_observable_counter("shop.busy.time", [lambda _: [Observation(12.5)]], "s", "Time spent working.")

orders.add(3, {"payment": "card"})
orders.add(1, {"payment": "invoice"})
carts.add(5)
carts.add(-2)
stock.set(4096, {"shelf": "a"})
stock.set(512, {"shelf": "b"})
for seconds in [0.05, 0.3, 0.7, 9]:
    checkout.record(seconds, {"payment": "card"})
for size in [0, 100, 2_000, 1_000_000]:
    uploads.record(size)

# False where the export failed.
sys.exit(0 if provider.force_flush() else 1)
