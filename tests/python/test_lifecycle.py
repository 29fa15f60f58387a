"""The lifecycle can be listed and drawn, and is the one that bookings live by."""

import aircargo
import pytest
from aircargo import BOOKING_LIFECYCLE, Act, ConflictError, Status, Transition

ACTS_TO = {
    Status.BOOKED: [],
    Status.DEPARTED: [Act.DEPART],
    Status.ARRIVED: [Act.DEPART, Act.ARRIVE],
    Status.DELIVERED: [Act.DEPART, Act.ARRIVE, Act.DELIVER],
    Status.CANCELLED: [Act.CANCEL],
}


def test_lists_states_and_transitions():
    assert set(BOOKING_LIFECYCLE.states) == set(Status)
    assert BOOKING_LIFECYCLE.states[0] is Status.BOOKED
    assert set(BOOKING_LIFECYCLE.acts) == set(Act)
    assert Transition(Status.ARRIVED, Act.DELIVER, Status.DELIVERED) in BOOKING_LIFECYCLE.transitions
    assert [state for state in Status if BOOKING_LIFECYCLE.is_final(state)] == [Status.DELIVERED, Status.CANCELLED]


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("state", Status)
def test_is_what_bookings_live_by(cargo, state, act):
    ref = cargo.book("DEL", "BLR", pieces=1, weight_kg=1).ref
    for earlier in ACTS_TO[state]:
        cargo.act(ref, earlier)
    assert cargo.get(ref).status is state
    # From DEPARTED, depart leads on from a transfer airport; without one it is refused as any other act.
    wanted = None if (state, act) == (Status.DEPARTED, Act.DEPART) else BOOKING_LIFECYCLE.next(state, act)
    if wanted is None:
        with pytest.raises(ConflictError):
            cargo.act(ref, act)
    else:
        assert cargo.act(ref, act).status is wanted


def test_draws_itself():
    dot = BOOKING_LIFECYCLE.to_dot()
    mermaid = BOOKING_LIFECYCLE.to_mermaid()
    for source, act, target in BOOKING_LIFECYCLE.transitions:
        assert f'"{source}" -> "{target}" [label="{act}"];' in dot
        assert f"{source} --> {target}: {act}" in mermaid
    assert '"DELIVERED" [peripheries=2];' in dot
    assert "[*] --> BOOKED" in mermaid and "CANCELLED --> [*]" in mermaid
    assert mermaid in BOOKING_LIFECYCLE._repr_markdown_()


def test_one_of_your_own_can_be_drawn_too():
    short = aircargo.Lifecycle((Transition(Status.BOOKED, Act.CANCEL, Status.CANCELLED),))
    assert short.to_dot().count("->") == 1
    assert hash(short) != hash(BOOKING_LIFECYCLE) and short != BOOKING_LIFECYCLE
