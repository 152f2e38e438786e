"""Second opinion on HCL: what two readers of others make of it, python-hcl2 and HashiCorp's own, by way of pygohcl.

Usage: read_hcl.py < TEXTS

TEXTS is a JSON array of HCL texts. Prints a JSON array with an object for each: what HashiCorp's reader makes of it, or what
either of them says is wrong. python-hcl2 keeps texts as they are written, so that it is only asked whether it can read them.
"""

import json
import sys

import hcl2
import pygohcl


def told(read, text):
    try:
        return {"value": read(text)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def readable(text):
    hcl2.loads(text)


texts = json.load(sys.stdin)
json.dump([{"pygohcl": told(pygohcl.loads, text), "python-hcl2": told(readable, text)} for text in texts], sys.stdout)
