"""What Schemathesis has to know of this API beyond its description."""

import re

import schemathesis
from hypothesis import strategies
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

# Most three letters are no airport, and most airports have no flights.
schemathesis.openapi.format("iata-airport", strategies.sampled_from(["DEL", "BLR", "BOM", "DXB", "FRA", "JFK", "sin"]))
# Nobody is there: names that end so are for tests (RFC 2606).
schemathesis.openapi.format("webhook-url", strategies.just("https://webhook.invalid/events"))
schemathesis.openapi.format("entity-tag", strategies.sampled_from(['"1"', '"2"', '"3"', 'W/"1"', '"x"', "*"]))

# What no schema can say: how two fields go together, and what only we can have made.
BEYOND_SCHEMA = re.compile(
    "|".join([
        "cursor: excludes page",
        "cursor: is not a cursor that a (list|search|list of flights) gave",
        "(the cursor|cursor:) is not one that a list( in this order)? gave",
        r"page: no more than \d+ bookings may lie before a page by number",
        "role: or enabled is required",
        "origin and destination are the same airport",
        "destination: must not be the origin",
        r"there is no flight \d+",
        r"departs from \w+, not at",
        r"arrives at \w+, not at",
        r"departs from \w+, but the cargo is at",
        "departs before the flight that feeds it arrives",
        "the itinerary must end at",
        "to: must not be before from",
        r"from: must be within \d+ days of to",
        "sort: must be ref_id where there is a ref_prefix",
        "zone: needs a departure_date",
        "zone: origin needs an origin",
        "the text has no header line",
        "the header has no column",
        r"url: (is not a URL|must begin with https://|must not h|the address \S+ is not public|only https)",
    ])
)


def as_written(value):
    """To JSON Schema 2.0 is an integer; the server takes integers only as programs write them."""
    if isinstance(value, dict):
        return {name: as_written(member) for name, member in value.items()}
    if isinstance(value, list):
        return [as_written(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@schemathesis.hook
def map_body(context, body):
    return as_written(body)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """A sound request may be refused for the reasons above alone, all of its errors being among them; a batch takes what
    is sound and tells of each other entry why not."""
    if isinstance(failure, AcceptedNegativeData) and "/batch" in case.path:
        return all(result["status"] < 400 for result in response.json()["results"])
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 400:
        return True
    problem = response.json()
    sentences = [f"{error['field']}: {error['detail']}" for error in problem.get("errors", [])] or [problem["detail"]]
    return not all(BEYOND_SCHEMA.search(sentence) for sentence in sentences)
