"""Every store, cache and lock manager does what the library relies on, whatever it is written in."""

import pytest
from aircargo import _core, testing
from dict_ports import DictBookingStore, DictCache, DictFlightStore, DictLocks


class Passing:
    """A port in Python that hands everything on to one of the library: values survive both ways."""

    def __init__(self, port):
        self._port = port

    def __getattr__(self, name):
        return getattr(self._port, name)


@pytest.fixture(autouse=True)
def folder(request, tmp_path):
    """Where the tests of a class may keep a file."""
    request.instance.folder = tmp_path


class TestBookingsInDicts(testing.BookingStoreContract):
    def make_store(self):
        return DictBookingStore()


class TestBookingsInMemory(testing.BookingStoreContract):
    def make_store(self):
        return _core.open_memory()[0]


class TestBookingsPassedOn(testing.BookingStoreContract):
    def make_store(self):
        return Passing(_core.open_memory()[0])


class TestBookingsInSqlite(testing.BookingStoreContract):
    def make_store(self):
        return _core.open_sqlite(str(self.folder / "cargo.db"))[0]


class TestFlightsInDicts(testing.FlightStoreContract):
    def make_store(self):
        return DictFlightStore()


class TestFlightsInMemory(testing.FlightStoreContract):
    def make_store(self):
        return _core.open_memory()[1]


class TestFlightsInSqlite(testing.FlightStoreContract):
    def make_store(self):
        return _core.open_sqlite(str(self.folder / "cargo.db"))[1]


class TestLocksInDicts(testing.LockManagerContract):
    def make_locks(self):
        return DictLocks()


class TestLocksInMemory(testing.LockManagerContract):
    def make_locks(self):
        return _core.memory_locks()


class TestCacheInDicts(testing.CacheContract):
    def make_cache(self):
        return DictCache()


class TestCacheInMemory(testing.CacheContract):
    def make_cache(self):
        return _core.memory_cache()
