"""The command `aircargo`, run as a user does."""

import gzip
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import aircargo
from aircargo.cli import main
from aircargo.cli._output import Progress, count_lines

CSV = """flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime
AI101,Air India,DEL,BLR,2026-12-01T06:00:00Z,2026-12-01T09:00:00Z
AI102,Air India,DEL,BOM,2026-12-01T05:00:00Z,2026-12-01T07:00:00Z
6E103,IndiGo,BOM,BLR,2026-12-01T09:00:00Z,2026-12-01T10:40:00Z
AI104,Air India,DEL,BOM,2026-12-01T05:00:00Z,2026-12-01T05:01:00Z
"""


@pytest.fixture
def flights(tmp_path):
    file = tmp_path / "flights.csv"
    file.write_text(CSV)
    return file


@pytest.fixture
def store(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/cargo.db"
    monkeypatch.setenv("AIRCARGO_STORE", url)
    monkeypatch.delenv("AIRCARGO_URL", raising=False)
    return url


@pytest.fixture
def aircargo_says(capsys):
    """Runs a command and gives its status, what it printed, and what it complained of."""

    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_from_a_file_of_flights_to_a_delivered_shipment(store, flights, aircargo_says):
    status, out, err = aircargo_says("import", flights)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "3 flights imported of 4 lines, 1 bad ones left out",
        "line 5: would be faster than 1,200 km/h",
    ]

    status, out, _ = aircargo_says("search", "DEL", "BLR", "2026-12-01")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == ["Flights", "AI101", "AI102"]
    status, out, _ = aircargo_says("search", "DEL", "BLR", "2026-12-01", "--json", "--via", "BOM,HYD")
    found = json.loads(out)
    assert found["direct"] == []
    itinerary = found["transit"][0]
    assert [flight["number"] for flight in itinerary["flights"]] == ["AI102", "6E103"]
    assert itinerary["flights"][0]["departure"] == "2026-12-01T05:00:00Z"

    ids = ",".join(str(flight["id"]) for flight in itinerary["flights"])
    status, out, _ = aircargo_says("book", "DEL", "BLR", "--pieces", 3, "--weight-kg", 120, "--flights", ids, "--json")
    booking = json.loads(out)
    assert (status, booking["status"], booking["pieces"]) == (0, "BOOKED", 3)
    ref = booking["ref"]
    assert aircargo_says("depart", ref)[0] == 0
    assert aircargo_says("arrive", ref, "--location", "BOM")[0] == 0
    assert aircargo_says("depart", ref)[0] == 0
    assert aircargo_says("arrive", ref)[0] == 0
    assert aircargo_says("deliver", ref, "--notes", "dry\nand whole")[0] == 0

    status, out, _ = aircargo_says("track", ref.lower())
    lines = out.splitlines()
    assert lines[1].split()[:3] == [ref, "DELIVERED", "DEL-BLR"]
    assert [line.split()[1] for line in lines[4:]] == [
        "BOOKED",
        "DEPARTED",
        "ARRIVED",
        "DEPARTED",
        "ARRIVED",
        "DELIVERED",
    ]
    assert lines[-1].endswith("dry and whole")
    assert [event["seq"] for event in json.loads(aircargo_says("track", ref, "--json")[1])["history"]] == [*range(1, 7)]
    assert ref in aircargo_says("list", "--status", "delivered")[1]
    assert ref not in aircargo_says("list", "--status", "booked")[1]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["track", "ACB99999"], 3, "(not_found)"),
        (["track", "nonsense"], 2, "(invalid_booking_ref)"),
        (["book", "DEL", "DEL", "--pieces", "1", "--weight-kg", "1"], 2, "(invalid_request)"),
        (["book", "DEL", "BLR", "--pieces", "1", "--weight-kg", "nan"], 2, "(invalid_weight)"),
        (["search", "DEL", "BLR", "someday"], 2, "'someday' is not a date"),
        (["search", "DEL", "BLR", "2026-12-01"], 3, "No route"),
        (["import", "no-such-file.csv"], 3, "no-such-file.csv"),
        (["list", "--store", "mysql://x"], 2, "mysql"),
        (["list", "--server", "ftp://x"], 2, "ftp://x is not the URL of a server"),
        (["list", "--server", "http://127.0.0.1:9"], 5, "can not be reached"),
    ],
)
def test_what_goes_wrong_is_one_line_and_a_status(store, aircargo_says, monkeypatch, arguments, status, words):
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # a server that is not there is asked again
    got, out, err = aircargo_says(*arguments)
    assert (got, out) == (status, "")
    assert err.startswith("aircargo: ")
    assert err.count("\n") == 1
    assert words in err


def test_a_conflict_has_a_status_of_its_own(store, aircargo_says):
    ref = json.loads(aircargo_says("book", "DEL", "BLR", "--pieces", 1, "--weight-kg", 1, "--json")[1])["ref"]
    status, _, err = aircargo_says("deliver", ref)
    assert (status, "(illegal_transition)" in err) == (4, True)
    assert aircargo_says("depart", ref, "--if-revision", 9)[0] == 4
    assert aircargo_says("cancel", ref)[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["search", "DEL"],
        ["book", "DEL", "BLR"],
        ["search", "DEL", "BLR", "2026-12-01", "--order", "price"],
        ["list", "--store", "memory:", "--server", "http://x"],
        ["book", "DEL", "BLR", "--pieces", "x", "--weight-kg", "1"],
        ["search", "DEL", "BLR", "2026-12-01", "--latest-arrival", "2026-12-01T06:00"],
    ],
)
def test_what_nobody_understands_is_one_line(capsys, arguments):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    err = capsys.readouterr().err
    assert end.value.code == 2
    assert err.count("\n") == 1
    assert "--help" in err


def test_it_must_be_said_where(monkeypatch, aircargo_says):
    monkeypatch.delenv("AIRCARGO_STORE", raising=False)
    monkeypatch.delenv("AIRCARGO_URL", raising=False)
    assert "--store" in aircargo_says("list")[2]
    monkeypatch.setenv("AIRCARGO_STORE", "memory:")
    monkeypatch.setenv("AIRCARGO_URL", "http://127.0.0.1:9")
    assert "both" in aircargo_says("list")[2]
    assert aircargo_says("list", "--store", "memory:")[0] == 0


def test_a_strict_import_of_a_bad_file_stores_nothing(store, flights, aircargo_says):
    status, out, _ = aircargo_says("import", flights, "--strict")
    assert status == 2
    assert out.startswith("0 flights imported")
    assert json.loads(aircargo_says("import", flights, "--json")[1])["bad_lines"] == [
        [5, "would be faster than 1,200 km/h"]
    ]


# ---------------------------------------------------------------------------------------------------- progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def shown(screen, total, lines, monkeypatch):
    """What a progress shows of these numbers, told a minute apart."""
    seconds = iter(range(0, 60 * (len(lines) + 1), 60))
    monkeypatch.setattr("aircargo.cli._output.time.monotonic", lambda: next(seconds))
    progress = Progress(total, screen)
    for line in lines:
        progress(line)
    progress.end()
    return screen.getvalue()


def test_on_a_terminal_there_is_a_bar_that_goes_away(monkeypatch):
    text = shown(Terminal(), 200, [50, 100, 200], monkeypatch)
    bars = re.findall(r"\r\[(#*)(\.*)\] +(\d+)% ([\d,]+) lines", text)
    assert [(len(full), len(full) + len(rest), percent, lines) for full, rest, percent, lines in bars] == [
        (10, 40, "25", "50"),
        (20, 40, "50", "100"),
        (40, 40, "100", "200"),
    ]
    assert text.endswith("\r\x1b[K")


def test_elsewhere_there_are_plain_lines(monkeypatch):
    assert shown(io.StringIO(), 2000, [500, 2000], monkeypatch) == "25%, 500 lines\n100%, 2,000 lines\n"


def test_lines_are_counted_packed_or_not(tmp_path, flights):
    packed = tmp_path / "flights.csv.gz"
    packed.write_bytes(gzip.compress(CSV.encode()))
    assert count_lines(str(flights)) == count_lines(str(packed)) == 5


# ------------------------------------------------------------------------------------------------- as a program


def program(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "aircargo", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )


def test_it_is_a_program():
    assert program("--version").stdout == f"aircargo {aircargo.__version__}\n"
    assert "search" in program("--help").stdout


def test_it_neither_needs_httpx_nor_numpy_for_a_store(tmp_path):
    """A module of the name stands in the way of the real one."""
    for name in ("httpx", "numpy"):
        (tmp_path / f"{name}.py").write_text(
            "raise ModuleNotFoundError(f'No module named {__name__!r}', name=__name__)"
        )
    path = os.pathsep.join([str(tmp_path), str(Path(aircargo.__file__).parents[1])])
    env = {**os.environ, "PYTHONPATH": path}
    assert program("list", "--store", "memory:", env=env).returncode == 0
    asked = program("list", "--server", "http://127.0.0.1:9", env=env)
    assert asked.returncode == 7
    assert "pip install 'aircargo[client]'" in asked.stderr


def test_a_reader_who_leaves_is_no_error():
    command = [sys.executable, "-m", "aircargo", "list", "--store", "memory:"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as it:
        it.stdout.close()
        assert it.stderr.read() == b""
