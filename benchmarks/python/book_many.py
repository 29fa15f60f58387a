#!/usr/bin/env python3
"""Books many shipments in SQLite: book_many, a loop of book, the sqlite3 module by hand, and SQLAlchemy.

usage: book_many.py [BOOKINGS] [--loop BOOKINGS] [--rounds N]      100,000, and 2,000 of what commits one by one

They take turns; what is shown are the medians over the rounds.

All of them write to a file of their own, durable when they return: a booking and its first event, in WAL mode with
synchronous=FULL. By hand and through SQLAlchemy that is two tables without the rest of what the library keeps
(references that are drawn from a sequence, an index for each order of the lists), so they do less. Needs aircargo;
SQLAlchemy is left out where it is not installed.
"""

import argparse
import contextlib
import datetime
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time

import aircargo

SCHEMA = """
CREATE TABLE bookings (
    id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, origin TEXT NOT NULL, destination TEXT NOT NULL,
    pieces INTEGER NOT NULL, weight_grams INTEGER NOT NULL, status TEXT NOT NULL, location TEXT,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, revision INTEGER NOT NULL
) STRICT;
CREATE TABLE events (
    ref TEXT NOT NULL REFERENCES bookings (ref), seq INTEGER NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
    location TEXT, notes TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (ref, seq)
) STRICT;
"""
BOOKING = "INSERT INTO bookings VALUES (NULL, ?, ?, ?, ?, ?, 'BOOKED', ?, ?, ?, 1)"
EVENT = "INSERT INTO events VALUES (?, 1, 'BOOKED', 'BOOKED', ?, '', ?)"
AIRPORTS = ("DEL", "BLR", "BOM", "HYD", "FRA", "JFK", "SIN", "DXB")


def terms(count):
    """(origin, destination, pieces, kg) of each."""
    for n in range(count):
        yield AIRPORTS[n % 8], AIRPORTS[(n + 1 + n // 8 % 7) % 8], 1 + n % 50, 10 + n % 990


def with_book_many(path, count):
    wanted = [aircargo.BookingRequest(*entry) for entry in terms(count)]
    with aircargo.open(f"sqlite:///{path}") as cargo:
        started = time.perf_counter()
        bookings = cargo.book_many(wanted)
        taken = time.perf_counter() - started
    assert len({booking.ref for booking in bookings}) == count
    return taken


def with_book_many_of_dicts(path, count):
    names = ("origin", "destination", "pieces", "weight_kg")
    wanted = [dict(zip(names, entry)) for entry in terms(count)]
    with aircargo.open(f"sqlite:///{path}") as cargo:
        started = time.perf_counter()
        cargo.book_many(wanted)
        return time.perf_counter() - started


def with_book(path, count):
    with aircargo.open(f"sqlite:///{path}") as cargo:
        started = time.perf_counter()
        for origin, destination, pieces, kg in terms(count):
            cargo.book(origin, destination, pieces=pieces, weight_kg=kg)
        return time.perf_counter() - started


def rows(count, first=0):
    """What goes into the two tables."""
    now = int(time.time())
    for n, (origin, destination, pieces, kg) in enumerate(terms(count), first):
        ref = f"ACB{n:06}"
        yield (ref, origin, destination, pieces, kg * 1000, origin, now, now), (ref, origin, now)


def database(path):
    opened = sqlite3.connect(path, isolation_level=None)
    opened.execute("PRAGMA journal_mode = WAL")
    opened.execute("PRAGMA synchronous = FULL")
    opened.execute("PRAGMA foreign_keys = ON")
    opened.executescript(SCHEMA)
    return opened


def with_sqlite3_many(path, count):
    opened = database(path)
    started = time.perf_counter()
    bookings, events = zip(*rows(count))
    opened.execute("BEGIN IMMEDIATE")
    opened.executemany(BOOKING, bookings)
    opened.executemany(EVENT, events)
    opened.execute("COMMIT")
    taken = time.perf_counter() - started
    opened.close()
    return taken


def with_sqlite3_one_by_one(path, count):
    opened = database(path)
    started = time.perf_counter()
    for booking, event in rows(count):
        opened.execute("BEGIN IMMEDIATE")
        opened.execute(BOOKING, booking)
        opened.execute(EVENT, event)
        opened.execute("COMMIT")
    taken = time.perf_counter() - started
    opened.close()
    return taken


def with_sqlalchemy(path, count):
    """The ORM, all in one session: two mapped classes, add_all, one commit."""
    from sqlalchemy import ForeignKey, create_engine, event
    from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

    class Base(DeclarativeBase):
        pass

    class BookingRow(Base):
        __tablename__ = "bookings"
        id: Mapped[int] = mapped_column(primary_key=True)
        ref: Mapped[str] = mapped_column(unique=True)
        origin: Mapped[str]
        destination: Mapped[str]
        pieces: Mapped[int]
        weight_grams: Mapped[int]
        status: Mapped[str]
        location: Mapped[str | None]
        created_at: Mapped[datetime.datetime]
        updated_at: Mapped[datetime.datetime]
        revision: Mapped[int]

    class EventRow(Base):
        __tablename__ = "events"
        ref: Mapped[str] = mapped_column(ForeignKey("bookings.ref"), primary_key=True)
        seq: Mapped[int] = mapped_column(primary_key=True)
        type: Mapped[str]
        status: Mapped[str]
        location: Mapped[str | None]
        notes: Mapped[str]
        created_at: Mapped[datetime.datetime]

    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def durable(connection, _):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    Base.metadata.create_all(engine)
    now = datetime.datetime.now(datetime.UTC)
    started = time.perf_counter()
    with Session(engine) as session:
        for n, (origin, destination, pieces, kg) in enumerate(terms(count)):
            ref = f"ACB{n:06}"
            session.add(
                BookingRow(
                    ref=ref, origin=origin, destination=destination, pieces=pieces, weight_grams=kg * 1000,
                    status="BOOKED", location=origin, created_at=now, updated_at=now, revision=1,
                )
            )
            session.add(
                EventRow(ref=ref, seq=1, type="BOOKED", status="BOOKED", location=origin, notes="", created_at=now)
            )
        session.commit()
    taken = time.perf_counter() - started
    engine.dispose()
    return taken


def in_turns(ways, rounds):
    """The median seconds of each way; None where what it needs is not installed."""
    seconds = {name: [] for name, _, _ in ways}
    for _ in range(rounds):
        for name, run, count in ways:
            with tempfile.TemporaryDirectory(prefix="aircargo-bench-") as folder:
                with contextlib.suppress(ImportError):
                    seconds[name].append(run(os.path.join(folder, "cargo.db"), count))
    return {name: statistics.median(taken) if taken else None for name, taken in seconds.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bookings", nargs="?", type=int, default=100_000)
    parser.add_argument("--loop", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()

    ways = [
        ("book_many", with_book_many, asked.bookings),
        ("book_many of dicts", with_book_many_of_dicts, asked.bookings),
        ("sqlite3, executemany, one commit", with_sqlite3_many, asked.bookings),
        ("SQLAlchemy ORM, one commit", with_sqlalchemy, asked.bookings),
        ("a loop of book", with_book, asked.loop),
        ("sqlite3, a commit each", with_sqlite3_one_by_one, asked.loop),
    ]
    median = in_turns(ways, asked.rounds)
    print(f"{'':34}{'bookings':>10}{'seconds':>10}{'a second':>12}  book_many is as fast")
    best = asked.bookings / median["book_many"]
    for name, _, count in ways:
        if median[name] is None:
            print(f"{name:34}{'not installed':>20}")
            continue
        rate = count / median[name]
        print(f"{name:34}{count:>10,}{median[name]:>10.2f}{rate:>12,.0f}{best / rate:>10.1f} x")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory {peak} MiB, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
