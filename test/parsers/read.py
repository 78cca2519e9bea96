"""Reads YAML texts with every parser here, and prints those that a parser reads differently.

Standard input has one JSON array per line: the text, and the value that it must be. Standard
output has one JSON object per difference: the parser, the text, and what it read or refused. The
last line is the number of texts.
"""

import json
import sys

import yaml
from ruamel.yaml import YAML


def ruamel(version):
    def read(text):
        reader = YAML(typ="safe", pure=True)
        reader.version = version
        return reader.load(text)

    return read


PARSERS = {
    "PyYAML": yaml.safe_load,
    "ruamel.yaml 1.1": ruamel((1, 1)),
    "ruamel.yaml 1.2": ruamel((1, 2)),
}


def canonical(value):
    return json.dumps(value, sort_keys=True, default=repr)


count = 0
for line in sys.stdin:
    count += 1
    text, value = json.loads(line)
    expected = canonical(value)
    for name, parse in PARSERS.items():
        try:
            found = canonical(parse(text))
        except Exception as error:  # Any error is a difference.
            found = repr(error)
        if found != expected:
            print(json.dumps({"parser": name, "text": text, "found": found}))

print(json.dumps({"read": count}))
