"""Second opinion on reports: SARIF against its published schema, JUnit's XML and the audit's page through parsers of others.

Usage: read_reports.py sarif SCHEMA REPORT | read_reports.py junit REPORT | read_reports.py html PAGE

Prints what is wrong, a line each, and nothing where nothing is; for JUnit the counts, for the page its parts, as a parser
sees them.
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


def html(page):
    import html5lib

    with open(page, "rb") as file:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        document = parser.parse(file)
    errors = [f"line {place[0]}: {name} {more}" for place, name, more in parser.errors]
    elements = list(document.iter())
    elements = [element for element in elements if isinstance(element.tag, str)]
    fetching = {"src", "href", "action", "srcset", "data", "poster", "background", "formaction", "ping"}
    parts = {
        "errors": errors,
        "elements": sorted({element.tag for element in elements}),
        "scripts": sum(element.tag == "script" for element in elements),
        "handlers": [name for element in elements for name in element.attrib if name.startswith("on")],
        "styles": sum("style" in element.attrib for element in elements),
        "references": sorted(
            {value for element in elements for name, value in element.attrib.items() if name in fetching and value[:1] != "#"}
        ),
        "services": [
            "".join(element.find("tr").find("th").itertext())
            for element in elements
            if element.tag == "tbody" and "data-c" in element.attrib
        ],
        "ids_twice": len(ids := [element.attrib["id"] for element in elements if "id" in element.attrib]) - len(set(ids)),
    }
    print(json.dumps(parts))


if __name__ == "__main__":
    {"sarif": sarif, "junit": junit, "html": html}[sys.argv[1]](*sys.argv[2:])
