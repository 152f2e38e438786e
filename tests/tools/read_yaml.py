"""Second opinion on YAML: what two readers of others make of it, one of YAML 1.1 and one of YAML 1.2.

Usage: read_yaml.py < TEXTS

TEXTS is a JSON array of YAML texts. Prints a JSON array with an object for each: the value that PyYAML reads as YAML 1.1 and
the one that ruamel.yaml reads as YAML 1.2, or what they say is wrong.
"""

import json
import sys

import yaml
from ruamel.yaml import YAML


def pyyaml(text):
    return yaml.safe_load(text)


def ruamel(text):
    return YAML(typ="safe", pure=True).load(text)


def told(read, text):
    try:
        return {"value": read(text)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def type_of(value):
    return {"type": type(value).__name__}


texts = json.load(sys.stdin)
read = [{"yaml 1.1": told(pyyaml, text), "yaml 1.2": told(ruamel, text)} for text in texts]
json.dump(read, sys.stdout, default=type_of)
