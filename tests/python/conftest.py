"""What the tests of the Python package share."""

import aircargo
import pytest


@pytest.fixture
def cargo():
    """The services over memory."""
    with aircargo.open("memory:") as opened:
        yield opened


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path}/cargo.db"


@pytest.fixture
def on_disk(sqlite_url):
    """The services over an SQLite file."""
    with aircargo.open(sqlite_url) as opened:
        yield opened
