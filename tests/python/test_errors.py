"""The errors are one tree, and what the library refuses arrives as one of them."""

import copy
import pickle

import aircargo
import pytest
from aircargo import (
    AirCargoError,
    BatchError,
    ConflictError,
    InvalidInputError,
    MissingBackendError,
    NotFoundError,
    UnavailableError,
)


def test_are_one_tree():
    for kind in (BatchError, ConflictError, InvalidInputError, MissingBackendError, NotFoundError, UnavailableError):
        assert issubclass(kind, AirCargoError)
    assert issubclass(InvalidInputError, ValueError)
    assert issubclass(NotFoundError, LookupError)
    assert issubclass(MissingBackendError, ImportError)
    assert issubclass(MissingBackendError, UnavailableError)


def test_carry_code_and_detail(cargo):
    with pytest.raises(NotFoundError) as refused:
        cargo.track("ACB99999")
    assert refused.value.code == "not_found"
    assert refused.value.detail == str(refused.value) == "there is no booking ACB99999"


@pytest.mark.parametrize("error", [NotFoundError("gone", "not_found"), MissingBackendError("no", "missing_backend")])
def test_can_be_pickled_and_copied(error):
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert (again.code, again.detail, str(again)) == (error.code, error.detail, error.detail)


def test_of_a_batch_tells_of_each_entry(cargo):
    known = cargo.book("DEL", "BLR", pieces=1, weight_kg=1)
    with pytest.raises(BatchError) as refused:
        cargo.depart_many([known.ref, "ACB99999"])
    departed, missing = refused.value.results
    assert departed.status == "DEPARTED"
    assert isinstance(missing, NotFoundError)
    assert refused.value.code == "not_found"
    assert str(refused.value) == "1 of 2 entries were refused; the first is number 1: there is no booking ACB99999"
    again = pickle.loads(pickle.dumps(refused.value))
    assert again.results[0] == departed and again.code == "not_found"



@pytest.mark.parametrize(
    ("call", "kind", "code"),
    [
        (lambda c: c.book("DEL", "DEL", pieces=1, weight_kg=1), InvalidInputError, "invalid_request"),
        (lambda c: c.book("D3L", "BLR", pieces=1, weight_kg=1), InvalidInputError, "invalid_airport_code"),
        (lambda c: c.book("DEL", "BLR", pieces=1, weight_kg=0), InvalidInputError, "invalid_weight"),
        (lambda c: c.book("DEL", "BLR", pieces=1, weight_kg=1, flights=[7]), InvalidInputError, "invalid_request"),
        (lambda c: c.book("DEL", "BLR", pieces=1, weight_kg=1, notes="x" * 2001), InvalidInputError, "invalid_request"),
        (lambda c: c.cancel("ACB99999", idempotency_key=""), InvalidInputError, "invalid_request"),
        (lambda c: c.depart("12345"), InvalidInputError, "invalid_booking_ref"),
        (lambda c: c.depart("ACB99999"), NotFoundError, "not_found"),
        (lambda c: c.get("ACB99999"), NotFoundError, "not_found"),
        (lambda c: c.flights.get(1), NotFoundError, "not_found"),
        (lambda c: c.act("ACB99999", "fly"), InvalidInputError, "invalid_request"),
        (lambda c: c.list(order="sideways"), InvalidInputError, "invalid_request"),
        (lambda c: c.list(cursor="nonsense"), InvalidInputError, "invalid_request"),
        (lambda c: c.list(ref_prefix="ACB1"), InvalidInputError, "invalid_request"),
        (lambda c: c.list(status="LOST"), InvalidInputError, "invalid_request"),
        (lambda c: c.flights.import_csv("/nowhere.csv"), NotFoundError, "not_found"),
    ],
)
def test_arrive_as_their_kind(cargo, call, kind, code):
    with pytest.raises(kind) as refused:
        call(cargo)
    assert refused.value.code == code
    assert refused.value.detail


def test_of_states_arrive_as_conflicts(cargo):
    booking = cargo.book("DEL", "BLR", pieces=1, weight_kg=1)
    for act, options, code in (
        (cargo.deliver, {}, "illegal_transition"),
        (cargo.depart, {"location": "BOM"}, "off_plan"),
        (cargo.depart, {"if_revision": 7}, "precondition_failed"),
    ):
        with pytest.raises(ConflictError) as refused:
            act(booking.ref, **options)
        assert refused.value.code == code
    assert cargo.get(booking.ref) == booking


@pytest.mark.parametrize(
    "url",
    ["", "mysql://host/x", "sqlite:", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite://host/x", ":memory:"],
)
def test_of_urls_name_what_may_stand_there(url):
    with pytest.raises(InvalidInputError) as refused:
        aircargo.open(url)
    assert "memory:" in refused.value.detail or "sqlite:///PATH" in refused.value.detail


def test_of_urls_show_no_password():
    with pytest.raises(InvalidInputError) as refused:
        aircargo.open("mysql://ada:secret@host/x")
    assert "secret" not in str(refused.value)


def test_of_a_file_that_can_not_be_opened(tmp_path):
    with pytest.raises(UnavailableError) as refused:
        aircargo.open(f"sqlite:///{tmp_path}/no/such/folder/cargo.db")
    assert refused.value.code == "backend_down"


def test_of_a_server_that_is_not_there():
    with pytest.raises(UnavailableError):
        aircargo.open("postgresql://127.0.0.1:1/nothing?connect_timeout=2")


def test_of_a_backend_that_was_not_built_in_name_the_mend(monkeypatch):
    for function in ("open_postgres", "postgres_locks", "redis_cache", "redis_locks"):
        monkeypatch.delattr(aircargo._core, function, raising=False)
    for options, package in (
        ({"store": "postgresql://127.0.0.1/x"}, "libpq-dev"),
        ({"cache": "redis://127.0.0.1"}, "libhiredis-dev"),
        ({"lock": ["redis://127.0.0.1", "redis://127.0.0.2"]}, "libhiredis-dev"),
        ({"lock": "postgresql://127.0.0.1/x"}, "libpq-dev"),
    ):
        with pytest.raises(MissingBackendError) as refused:
            aircargo.open(**options)
        assert package in refused.value.detail


@pytest.mark.parametrize(
    ("what", "wrong"), [("store", object()), ("cache", object()), ("lock", 7), ("flights", object())]
)
def test_of_objects_that_are_no_port(what, wrong):
    with pytest.raises(TypeError, match="has no method"):
        aircargo.open(**{what: wrong})
