"""The checker itself: histories that it must accept, and some that it must not."""

import itertools
import random
import unittest

from linearizable import DONE, LEGAL, NOTHING, REFUSED, UNKNOWN, Event, Operation, stale_reads, violations

BOOKED, DEPARTED, ARRIVED = Event("BOOKED", "book"), Event("DEPARTED", "go"), Event("ARRIVED", "land")
CANCELLED = Event("CANCELLED", "stop")


def book(asked=0, answered=1):
    return Operation(asked, answered, DONE, "book", 1, "BOOKED", "book")


def act(asked, answered, what, note, revision):
    return Operation(asked, answered, DONE, what, revision, f"{revision}", note)


def depart(asked, answered, revision=2):
    return act(asked, answered, "depart", "go", revision)


def read(asked, answered, revision):
    return Operation(asked, answered, DONE, None, revision, "BOOKED" if revision == 1 else f"{revision}")


def refused(asked, answered, what, note="no"):
    return Operation(asked, answered, REFUSED, what, note=note)


class Accepted(unittest.TestCase):
    def check(self, events, *operations):
        self.assertEqual(violations(events, operations), [])
        self.assertEqual(stale_reads(operations), 0)

    def test_one_after_the_other(self):
        self.check([BOOKED, DEPARTED], book(), read(2, 3, 1), depart(4, 5), read(6, 7, 2))

    def test_reads_beside_a_change_see_either(self):
        self.check([BOOKED, DEPARTED], book(), depart(10, 20), read(11, 12, 1), read(13, 14, 1), read(15, 16, 2),
                   read(17, 30, 2), read(9, 19, 1))

    def test_a_refusal_beside_the_change_that_justifies_it(self):
        self.check([BOOKED, DEPARTED], book(), depart(10, 20), refused(11, 19, "depart"))
        self.check([BOOKED, DEPARTED], book(), depart(10, 20), refused(11, 19, "arrive"))
        self.check([BOOKED, DEPARTED, ARRIVED], book(), depart(10, 20), act(10, 30, "arrive", "land", 3),
                   refused(15, 25, "arrive"), refused(26, 27, "deliver"), read(12, 26, 2))

    def test_an_unknown_change_that_was_made_or_not(self):
        unknown = Operation(10, 20, UNKNOWN, "depart", note="go")
        self.check([BOOKED], book(), unknown, read(30, 40, 1))
        self.check([BOOKED, DEPARTED], book(), unknown, read(11, 12, 2))
        self.check([BOOKED, DEPARTED], book(), unknown, read(30, 40, 1), read(50, 60, 2))

    def test_what_was_not_done(self):
        self.check([BOOKED], book(), Operation(2, 3, NOTHING, "depart", note="go"), read(4, 5, 1))


class Refused(unittest.TestCase):
    def check(self, words, events, *operations):
        found = violations(events, operations)
        self.assertNotEqual(found, [])
        self.assertIn(words, found[0])

    def test_a_read_older_than_an_acknowledged_change(self):
        operations = [book(), depart(4, 5), read(6, 7, 1)]
        self.check("can not have come about", [BOOKED, DEPARTED], *operations)
        self.assertEqual(stale_reads(operations), 1)

    def test_a_read_older_than_another_one(self):
        operations = [book(), depart(10, 20), read(11, 12, 2), read(13, 14, 1)]
        self.check("can not have come about", [BOOKED, DEPARTED], *operations)
        self.assertEqual(stale_reads(operations), 1)

    def test_a_history_older_than_the_booking(self):
        history = Operation(13, 14, DONE, None, 1, ("events", 1))
        self.check("can not have come about", [BOOKED, DEPARTED], book(), depart(10, 20), read(11, 12, 2), history)

    def test_a_change_seen_before_it_was_asked_for(self):
        self.check("can not have come about", [BOOKED, DEPARTED], book(), read(4, 5, 2), depart(6, 7))
        unknown = Operation(6, 7, UNKNOWN, "depart", note="go")
        self.check("can not have come about", [BOOKED, DEPARTED], book(), read(4, 5, 2), unknown)

    def test_two_changes_of_one_revision(self):
        self.check("was acknowledged and is there 0 times", [BOOKED, DEPARTED], book(), depart(4, 8),
                   Operation(4, 8, DONE, "cancel", 2, "2", "stop"))
        self.check("was told as", [BOOKED, DEPARTED], book(), depart(4, 8),
                   Operation(4, 8, DONE, "cancel", 2, "other", "stop"))

    def test_a_lost_change(self):
        self.check("there are 1", [BOOKED], book(), depart(4, 5))

    def test_a_change_that_nobody_asked_for_or_that_was_refused(self):
        self.check("did not ask", [BOOKED, DEPARTED], book())
        self.check("did not ask", [BOOKED, DEPARTED], book(), refused(4, 5, "depart", "go"))
        self.check("did not ask", [BOOKED, DEPARTED], book(), Operation(4, 5, NOTHING, "depart", note="go"))

    def test_a_change_that_happened_twice(self):
        self.check("who was told it is 2", [BOOKED, DEPARTED, Event("DEPARTED", "go")], book(), depart(4, 5))

    def test_a_revision_told_in_two_ways(self):
        other = Operation(6, 7, DONE, None, 2, "DEPARTED, but from elsewhere")
        self.check("was told as", [BOOKED, DEPARTED], book(), depart(4, 5), other)

    def test_a_refusal_of_what_was_legal_all_the_time(self):
        self.check("refused while it was legal", [BOOKED], book(), refused(2, 3, "depart"))
        self.check("refused while it was legal", [BOOKED, DEPARTED], book(), refused(2, 3, "depart"), depart(4, 5))

    def test_a_refusal_that_knows_what_a_later_read_does_not(self):
        self.check("", [BOOKED, CANCELLED], book(), act(10, 30, "cancel", "stop", 2), refused(11, 12, "depart"),
                   read(13, 14, 1))

    def test_a_refusal_that_knows_less_than_an_earlier_read(self):
        self.check("", [BOOKED, DEPARTED, ARRIVED], book(), depart(4, 30), act(31, 40, "arrive", "land", 3),
                   read(6, 7, 2), refused(8, 9, "arrive"))

    def test_changes_in_an_order_that_time_does_not_allow(self):
        self.check("can not have come about", [BOOKED, DEPARTED, CANCELLED], book(), depart(10, 11),
                   act(2, 3, "cancel", "stop", 3))


class ByBruteForce(unittest.TestCase):
    """Short histories drawn at random, beside all moments that their changes can have come about at."""

    def test_the_same_is_accepted(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        choose = random.Random(seed)
        accepted = 0
        for _ in range(1000):
            operations = drawn(choose)
            is_possible = any(fits(moments, operations) for moments in itertools.combinations_with_replacement(
                [moment + 0.5 for moment in range(-1, 16)], 3))
            found = violations([BOOKED, DEPARTED, ARRIVED], operations)
            self.assertEqual(not found, is_possible, (found, operations))
            accepted += is_possible
        self.assertTrue(300 < accepted < 900, accepted)


def drawn(choose):
    """A booking, its departure and arrival, and up to five reads and refusals, all at times of their own."""
    times = list(range(2, 16))
    choose.shuffle(times)

    def span():
        return sorted((times.pop(), times.pop()))

    spans = [span(), span()]
    if choose.random() < 0.8:
        spans.sort()
    operations = [book()]
    changes = zip((2, 3), ("depart", "arrive"), ("go", "land"), spans)
    for revision, what, note, (asked, answered) in changes:
        is_known = choose.random() < 0.8
        operations.append(act(asked, answered, what, note, revision) if is_known
                          else Operation(asked, answered, UNKNOWN, what, note=note))
    for number in range(choose.randrange(1, 6)):
        is_read = choose.random() < 0.4
        operations.append(read(*span(), choose.randrange(1, 4)) if is_read
                          else refused(*span(), choose.choice(list(LEGAL)), f"no {number}"))
    return operations


def fits(moments, operations):
    """Whether all answers are true if the revisions came about at these moments."""
    ends = [*moments[1:], float("inf")]
    number = {"book": 0, "go": 1, "land": 2}
    for each in operations:
        present = [n for n in range(3) if moments[n] <= each.answered and ends[n] >= each.asked]
        if each.outcome == REFUSED:
            is_true = any((BOOKED, DEPARTED, ARRIVED)[n].status not in LEGAL[each.act] for n in present)
        elif each.act is None:
            is_true = each.revision - 1 in present
        else:
            moment = moments[number[each.note]]
            is_true = each.asked <= moment and (moment <= each.answered or each.outcome == UNKNOWN)
        if not is_true:
            return False
    return True


if __name__ == "__main__":
    unittest.main()
