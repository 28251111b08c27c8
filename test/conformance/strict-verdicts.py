"""Reads a JSON list of OpenMetrics pages on standard input; writes for each its samples [[name, labels], ...], or the error with which prometheus-client rejects it."""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families


def verdict(page):
    try:
        return [[sample.name, sample.labels] for family in text_string_to_metric_families(page) for sample in family.samples]
    except Exception as error:
        return f"{type(error).__name__}: {error}"


json.dump([verdict(page) for page in json.load(sys.stdin)], sys.stdout)
