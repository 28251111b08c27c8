"""Reads an exposition on standard input with prometheus-client's parser and writes its samples as JSON: [[name, labels, value, type, exemplar], ...]."""

import json
import math
import sys

from prometheus_client import parser as text_parser
from prometheus_client.openmetrics import parser as openmetrics_parser


def number(value):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return value


def exemplar(sample):
    if sample.exemplar is None:
        return None
    return {"labels": sample.exemplar.labels, "value": sample.exemplar.value, "timestamp": float(sample.exemplar.timestamp)}


def main():
    text = sys.stdin.buffer.read().decode("utf-8")
    parse = openmetrics_parser.text_string_to_metric_families if sys.argv[1] == "openmetrics" else text_parser.text_string_to_metric_families
    samples = []
    for family in parse(text):
        for sample in family.samples:
            samples.append([sample.name, sample.labels, number(sample.value), family.type, exemplar(sample)])
    # Without \u escapes: V8's JSON.parse has been seen to confuse object keys that are made of them.
    sys.stdout.reconfigure(encoding="utf-8")
    json.dump(samples, sys.stdout, ensure_ascii=False)


main()
