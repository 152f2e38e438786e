"""Second opinion on the reports of `lint`: SARIF against its published schema, JUnit's XML through a parser of others.

Usage: read_reports.py sarif SCHEMA REPORT | read_reports.py junit REPORT

Prints what is wrong, a line each, and nothing where nothing is; for JUnit the counts as a parser sees them.
"""

import json
import sys


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def sarif(schema, report):
    import jsonschema

    schema = read_json(schema)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    for error in validator.iter_errors(read_json(report)):
        print(f"{error.json_path}: {error.message[:500]}")


def junit(report):
    import junitparser

    suites = list(junitparser.JUnitXml.fromfile(report))
    results = [result for suite in suites for case in suite for result in case.result]
    counts = {
        "suites": len(suites),
        "cases": sum(1 for suite in suites for _ in suite),
        "failures": sum(isinstance(result, junitparser.Failure) for result in results),
        "errors": sum(isinstance(result, junitparser.Error) for result in results),
        "skipped": sum(isinstance(result, junitparser.Skipped) for result in results),
        "declared_cases": sum(suite.tests for suite in suites),
        "declared_failures": sum(suite.failures for suite in suites),
        "declared_errors": sum(suite.errors for suite in suites),
        "declared_skipped": sum(suite.skipped for suite in suites),
    }
    print(json.dumps(counts))


if __name__ == "__main__":
    {"sarif": sarif, "junit": junit}[sys.argv[1]](*sys.argv[2:])
