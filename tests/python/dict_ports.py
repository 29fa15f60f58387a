"""A store, a cache and locks written in Python, as small as they can be."""

import random
import threading
import time
from datetime import timedelta

from aircargo import ports
from aircargo.ports import CacheAnswer, Lease, RefBlock


class DictBookingStore:
    """Bookings in dictionaries."""

    def __init__(self):
        self._mutex = threading.Lock()
        self._bookings = {}  # by reference, in the order of coming in
        self._events = {}
        self._keys = {}
        self._secret = random.randbytes(16)
        self._refs = 0

    def apply(self, changes):
        with self._mutex:
            return [self._apply(change) for change in changes]

    def _apply(self, change):
        ref, fact = change.after.ref, change.fact
        if change.key is not None:
            known = self._answer(change.key, fact.created_at)
            if known is not None:
                return known
        present = self._bookings.get(ref)
        if fact.seq == 1:
            if present is not None:
                return ports.already_exists(ref)
        elif present is None:
            return ports.booking_not_found(ref)
        elif present.revision != fact.seq - 1:
            return ports.stale_revision(ref)
        self._bookings[ref] = change.after
        self._events.setdefault(ref, []).append(fact)
        if change.key is not None:
            self._keys[change.key.scope, change.key.key] = (change.key, change.after, fact.created_at)
        return change.after

    def _answer(self, key, now):
        used, booking, at = self._keys.get((key.scope, key.key), (None, None, None))
        if used is None or now - at >= timedelta(hours=48):
            return None
        return booking if used.fingerprint == key.fingerprint else ports.idempotency_clash(key)

    def answers(self, keys, now):
        with self._mutex:
            return [self._answer(key, now) for key in keys]

    def find(self, refs):
        with self._mutex:
            return [self._bookings.get(ref) or ports.booking_not_found(ref) for ref in refs]

    def history(self, refs):
        with self._mutex:
            return [list(self._events.get(ref, ())) or ports.booking_not_found(ref) for ref in refs]

    def list(self, query):
        with self._mutex:
            return ports.page_of(query, self._bookings.values())

    def reserve_refs(self, count):
        with self._mutex:
            first = self._refs
            self._refs += count
            return RefBlock(self._secret, first, count)


class DictFlightStore:
    """Flights in a dictionary."""

    def __init__(self):
        self._mutex = threading.Lock()
        self._flights = {}  # by what names them
        self._version = 0

    def upsert(self, flights):
        with self._mutex:
            return [self._upsert(flight) for flight in flights]

    def _upsert(self, flight):
        name = (flight.number, flight.origin, flight.destination, flight.departure)
        known = self._flights.get(name)
        stored = flight.__replace__(id=known.id if known else len(self._flights) + 1)
        if stored != known:
            self._version += 1
        self._flights[name] = stored
        return stored

    def load(self, departure_from, departure_until):
        with self._mutex:
            found = sorted(self._flights.values(), key=lambda flight: (flight.departure, flight.id))
        return [
            flight
            for flight in found
            if (departure_from is None or flight.departure >= departure_from)
            and (departure_until is None or flight.departure < departure_until)
        ]

    def find(self, ids):
        with self._mutex:
            by_id = {flight.id: flight for flight in self._flights.values()}
        return [by_id.get(id) or ports.flight_not_found(id) for id in ids]

    def version(self):
        with self._mutex:
            return self._version


class DictLocks:
    """Leases in a dictionary."""

    def __init__(self):
        self._mutex = threading.Lock()
        self._leases = {}

    def acquire(self, names, ttl):
        until = time.monotonic() + ttl
        with self._mutex:
            return [self._acquire(name, until) for name in names]

    def _acquire(self, name, until):
        held = self._leases.get(name)
        if held is not None and time.monotonic() < held.until:
            return ports.lock_is_busy(name)
        self._leases[name] = Lease(name, random.getrandbits(64) | 1, until)
        return self._leases[name]

    def release(self, leases):
        with self._mutex:
            for lease in leases:
                held = self._leases.get(lease.name)
                if held is not None and held.owner == lease.owner:
                    del self._leases[lease.name]


class DictCache:
    """Entries, tokens and holds in dictionaries."""

    def __init__(self):
        self._mutex = threading.Lock()
        self._entries = {}  # key: CacheEntry
        self._tokens = {}  # key: [token, newest revision that was told]
        self._holds = DictLocks()  # by guard

    def get(self, keys):
        with self._mutex:
            return [self._get(key) for key in keys]

    def _get(self, key):
        if key.key in self._entries:
            return CacheAnswer(self._entries[key.key].value)
        if key.key in self._tokens or self._is_held(key.guard):
            return CacheAnswer()
        self._tokens[key.key] = [random.getrandbits(64) | 1, 0]
        return CacheAnswer(None, self._tokens[key.key][0])

    def _is_held(self, guard):
        lease = self._holds._leases.get(guard)
        return lease is not None and time.monotonic() < lease.until

    def fill(self, entries):
        with self._mutex:
            for entry in entries:
                self._fill(entry)
        return True

    def _fill(self, entry):
        key = entry.key.key
        token = self._tokens.get(key)
        if token and token[0] == entry.token and entry.revision >= token[1] and not self._is_held(entry.key.guard):
            del self._tokens[key]
            self._entries[key] = entry
            return
        if token:
            token[1] = max(token[1], entry.revision)
        if key in self._entries and self._entries[key].revision < entry.revision:
            del self._entries[key]

    def hold(self, holds, ttl):
        with self._mutex:
            granted = self._holds.acquire([hold.guard for hold in holds], ttl)
            for hold, answer in zip(holds, granted):
                if isinstance(answer, Lease):
                    for key in hold.keys:
                        self._entries.pop(key, None)
                        self._tokens.pop(key, None)
            return granted

    def settle(self, settlements):
        with self._mutex:
            return [self._settle(settlement) for settlement in settlements]

    def _settle(self, settlement):
        held = self._holds._leases.get(settlement.hold.name)
        if held is None or held.owner != settlement.hold.owner:
            return "late"
        stands = self._is_held(held.name)
        self._holds.release([held])
        if stands:
            self._entries.update({entry.key.key: entry for entry in settlement.fresh})
        return "in_time" if stands else "late"
