"""Sends one counter, one histogram and one gauge with the OpenTelemetry SDK for Python: PROTOCOL (http or grpc), ENDPOINT, COMPRESSION."""

import sys

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

protocol, endpoint, compression = sys.argv[1:4]
if protocol == "http":
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter

    exporter = OTLPMetricExporter(endpoint=f"http://{endpoint}/v1/metrics", compression=Compression(compression))
else:
    from grpc import Compression
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter

    kinds = {"none": Compression.NoCompression, "gzip": Compression.Gzip, "deflate": Compression.Deflate}
    exporter = OTLPMetricExporter(endpoint=endpoint, insecure=True, compression=kinds[compression])

reader = PeriodicExportingMetricReader(exporter, export_interval_millis=3_600_000)
provider = MeterProvider([reader], resource=Resource.create({"service.name": "python"}), shutdown_on_exit=False)
meter = provider.get_meter("python.meter")
meter.create_counter("jobs.done", unit="By").add(7, {"k": "v"})
meter.create_histogram("jobs.time", unit="s").record(0.3, {"k": "w"})
meter.create_gauge("jobs.now").set(2.5)
# False where an export failed.
sys.exit(0 if provider.force_flush() else 1)
