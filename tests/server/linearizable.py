"""Whether what clients were told of one booking is as if each request had happened at one moment between its question
and its answer.

A booking is a chain of revisions, and the store knows at the end who made each of them. So it only has to be asked
whether there is a moment for each revision, one after the other, with which all answers agree. The earliest moments
that are possible are found by pushing them on until nothing forbids them; if one is pushed past what bounds it from
above, there are none.
"""

from dataclasses import dataclass

LEGAL = {  # act: where it is legal
    "depart": {"BOOKED"},
    "arrive": {"DEPARTED"},
    "deliver": {"ARRIVED"},
    "cancel": {"BOOKED", "DEPARTED"},
}

DONE, REFUSED, UNKNOWN, NOTHING = range(4)


@dataclass(frozen=True, slots=True)
class Operation:
    """A question and its answer.

    DONE: the booking, or its history, at `revision`; `act` made it unless it is None.
    REFUSED: `act` is illegal where the booking is.
    UNKNOWN: `act` may have been done, also later on.
    NOTHING: it was not done, and nothing is told of the booking.
    """

    asked: int     # nanoseconds; the same clock for all
    answered: int
    outcome: int
    act: str = None
    revision: int = 0
    state: object = None  # all that was told of this revision, the same for all who are told of it
    note: str = None      # names a change; the event of that change tells it


@dataclass(frozen=True, slots=True)
class Event:
    """What the store has at the end."""

    status: str
    note: str


def stale_reads(operations):
    """How many reads are older than a change, or a read, that was answered before they were asked."""
    answered = {}  # revision: when it was first told
    for each in operations:
        if each.outcome == DONE:
            answered[each.revision] = min(each.answered, answered.get(each.revision, each.answered))
    newer, since = {}, None  # revision: when the first newer one was told
    for revision in sorted(answered, reverse=True):
        newer[revision] = since
        since = answered[revision] if since is None else min(since, answered[revision])
    return sum(each.outcome == DONE and each.act is None and newer[each.revision] is not None
               and newer[each.revision] < each.asked for each in operations)


def violations(events, operations):
    """Sentences, none if all is well. `events` are those of the booking at the end, the first one made it;
    `operations` are all that anybody asked about it."""
    found = [*differing_answers(events, operations), *wrong_makers(events, operations)]
    return found or impossible_moments(events, operations)


def differing_answers(events, operations):
    states = {}
    for each in operations:
        if each.outcome != DONE:
            continue
        if not 1 <= each.revision <= len(events):
            yield f"revision {each.revision} was told of, but there are {len(events)}"
        kind = (each.revision, type(each.state))
        if states.setdefault(kind, each.state) != each.state:
            yield f"revision {each.revision} was told as {states[kind]} and as {each.state}"


def wrong_makers(events, operations):
    """Each change that was acknowledged is an event, and each event was asked for."""
    asked = {each.note: each for each in operations if each.note}
    notes = [event.note for event in events]
    for number, note in enumerate(notes, start=1):
        maker = asked.get(note)
        if maker is None or maker.outcome in (REFUSED, NOTHING):
            yield f"revision {number} was made by {note}, who did not ask for it or was told it was not made"
        elif maker.outcome == DONE and maker.revision != number:
            yield f"revision {number} was made by {note}, who was told it is {maker.revision}"
    for note, maker in asked.items():
        if maker.outcome == DONE and notes.count(note) != 1:
            yield f"{note} was acknowledged and is there {notes.count(note)} times"


def impossible_moments(events, operations):
    asked = {each.note: each for each in operations if each.note}
    last = len(events)
    earliest = [0] * (last + 2)            # of each revision; it stands until that of the next one
    latest = [None] * (last + 1) + [None]  # None: no bound

    def not_before(revision, moment):
        if revision <= last:
            earliest[revision] = max(earliest[revision], moment)

    def not_after(revision, moment):
        latest[revision] = moment if latest[revision] is None else min(latest[revision], moment)

    for number, event in enumerate(events, start=1):
        not_before(number, asked[event.note].asked)
    for each in operations:
        if each.outcome == DONE:
            not_after(each.revision, each.answered)
            if each.act is None:
                not_before(each.revision + 1, each.asked)
    refusals = [each for each in operations if each.outcome == REFUSED]
    pushed = True
    while pushed:
        for number in range(1, last + 1):
            earliest[number] = max(earliest[number], earliest[number - 1])
        pushed = False
        for each in refusals:
            first = unjustified(events, earliest, each)
            if first is None:
                continue
            if first == 1 or earliest[first] > each.asked:
                return [f"{each.act} was refused while it was legal"]
            earliest[first] = each.asked + 1
            pushed = True
    for number in range(1, last + 1):
        if latest[number] is not None and earliest[number] > latest[number]:
            return [f"revision {number} can not have come about before {earliest[number]}, "
                    f"but was told of at {latest[number]}"]
    return []


def unjustified(events, earliest, refused):
    """With these moments: the first revision of those that the refusal met, if in all of them the act is legal."""
    last = len(events)
    met = [number for number in range(1, last + 1)
           if earliest[number] <= refused.answered and (number == last or earliest[number + 1] >= refused.asked)]
    if not met or any(events[number - 1].status not in LEGAL[refused.act] for number in met):
        return None
    return met[0]
