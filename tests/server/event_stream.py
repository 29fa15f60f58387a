"""A client of Server-Sent Events, as browsers are one."""

import http.client
import json
from dataclasses import dataclass

from harness import PATIENCE


@dataclass
class Event:
    id: int
    data: dict

    @property
    def what(self):
        return self.data["ref_id"], self.data["seq"]


class EventStream:
    """One connection. `last_id` is what a client would come again with."""

    def __init__(self, port, path="/api/v1/events", last_id=None, headers=None):
        self.last_id = last_id
        self.retry = None
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        headers = {"Accept": "text/event-stream", **(headers or {})}
        if last_id is not None:
            headers["Last-Event-ID"] = str(last_id)
        self.connection.request("GET", path, headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        if self.status == 200:
            self.block()  # what it begins with

    def block(self):
        """What stands before the next empty line, field by field; None at the end of the stream."""
        fields = {}
        while line := self.response.readline().decode():
            if line == "\n":
                self.last_id = int(fields.get("id", self.last_id or 0))
                self.retry = int(fields.get("retry", self.retry or 0))
                return fields
            name, _, value = line.rstrip("\n").partition(":")
            fields[name] = value.removeprefix(" ")
        return None

    def next(self):
        """The next event; None at the end of the stream."""
        while (fields := self.block()) is not None:
            if "data" in fields:
                return Event(int(fields["id"]), json.loads(fields["data"]))
        return None

    def take(self, count):
        return [self.next() for _ in range(count)]

    def close(self):
        self.connection.close()
        self.response.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def all_events(port):
    """The whole log, up to what stands there now."""
    with EventStream(port) as now:
        end = now.last_id
    events = []
    with EventStream(port, last_id=0) as stream:
        while not events or events[-1].id < end:
            events.append(stream.next())
    return events


def follow(server, wanted, seen, came_again):
    """Reads on wherever the server is, as a client does, until `wanted()` events were seen."""
    last_id = 0
    while len(seen) < wanted():
        stream = None
        try:
            stream = EventStream(server.port, last_id=last_id)
            while len(seen) < wanted() and (event := stream.next()) is not None:
                seen.append(event)
        except (OSError, http.client.HTTPException, ValueError):
            pass  # the server went away in the middle of it
        finally:
            if stream is not None:
                stream.close()
        last_id = seen[-1].id if seen else 0
        came_again.append(last_id)
