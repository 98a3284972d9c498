"""Reads documents, and answers what prometheus_client's own parsers make of them: both as JSON, one a line."""

import json
import sys

from prometheus_client import parser as text
from prometheus_client.openmetrics import parser as openmetrics

PARSERS = {'openmetrics': openmetrics, 'text': text}


def seconds(timestamp):
    """As text, with all digits: a Timestamp has more than a float."""
    if timestamp is None or isinstance(timestamp, float):
        return timestamp if timestamp is None else repr(timestamp)
    sign = '-' if timestamp.sec < 0 else ''
    return f'{sign}{abs(timestamp.sec)}.{abs(timestamp.nsec):09d}'


def plain_exemplar(exemplar):
    if exemplar is None:
        return None
    return {
        'labels': exemplar.labels,
        'value': repr(float(exemplar.value)),
        'timestamp': seconds(exemplar.timestamp),
    }


def plain_sample(sample):
    return {
        'name': sample.name,
        'labels': sample.labels,
        # The shortest text that reads back as the same number.
        'value': repr(float(sample.value)),
        'timestamp': seconds(sample.timestamp),
        'exemplar': plain_exemplar(sample.exemplar),
    }


def plain_family(family):
    return {
        'name': family.name,
        'type': family.type,
        'unit': family.unit,
        'help': family.documentation,
        'samples': [plain_sample(sample) for sample in family.samples],
    }


def answer(line):
    request = json.loads(line)
    try:
        families = PARSERS[request['format']].text_string_to_metric_families(request['document'])
        return {'families': [plain_family(family) for family in families]}
    except Exception as error:  # Whatever it is, the document was refused by it.
        return {'error': f'{type(error).__name__}: {error}'}


for line in sys.stdin:
    print(json.dumps(answer(line)), flush=True)
