"""Threads, forks, the end of the interpreter, subinterpreters."""

import os
import subprocess
import sys
import sysconfig
import textwrap
import threading
import time

import aircargo
import pytest
from aircargo import BookingRequest
from dict_ports import DictBookingStore


def python(code, *arguments, timeout=60):
    """Runs a program of its own; what it printed."""
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments], capture_output=True, text=True, timeout=timeout
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    return ran.stdout


def in_threads(count, work):
    """Runs `work(n)` on as many threads; what they returned."""
    results = [None] * count

    def run(n):
        results[n] = work(n)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_threads_share_one(on_disk):
    def live(n):
        booking = on_disk.book("DEL", "BLR", pieces=n + 1, weight_kg=1)
        for act in ("depart", "arrive", "deliver"):
            on_disk.act(booking.ref, act)
        return on_disk.track(booking.ref)

    found = in_threads(32, live)
    assert sorted(tracked.booking.pieces for tracked in found) == list(range(1, 33))
    assert {len(tracked.history) for tracked in found} == {4}
    counts = on_disk.counts()
    assert counts["requests"] == 128
    assert counts["batches"] < 128, "threads that wait for the disk gather into batches"


def test_rivals_get_one_winner(on_disk):
    ref = on_disk.book("DEL", "BLR", pieces=1, weight_kg=1).ref

    def depart(_):
        try:
            return on_disk.depart(ref).status
        except aircargo.ConflictError as refused:
            return refused.code

    assert sorted(in_threads(16, depart)) == ["DEPARTED"] + ["illegal_transition"] * 15


def test_other_threads_run_while_the_library_works():
    """A store that waits for what another thread does would wait for ever if a call kept the GIL."""
    entered, go_on = threading.Event(), threading.Event()

    class Waiting(DictBookingStore):
        def apply(self, changes):
            entered.set()
            assert go_on.wait(60)
            return super().apply(changes)

    with aircargo.open(Waiting()) as cargo:
        for call in (
            lambda: cargo.book("DEL", "BLR", pieces=1, weight_kg=1),
            lambda: cargo.book_many([BookingRequest("DEL", "BLR", 1, 1)]),
        ):
            entered.clear()
            go_on.clear()
            thread = threading.Thread(target=call)
            thread.start()
            assert entered.wait(60)
            go_on.set()
            thread.join()
        assert cargo.list().total == 2


def test_closing_waits_for_calls_that_are_under_way():
    entered, go_on = threading.Event(), threading.Event()
    results = []

    class Waiting(DictBookingStore):
        def apply(self, changes):
            entered.set()
            assert go_on.wait(60)
            return super().apply(changes)

    cargo = aircargo.open(Waiting())
    booking = threading.Thread(
        target=lambda: results.append(cargo.book("DEL", "BLR", pieces=1, weight_kg=1).status)
    )
    booking.start()
    assert entered.wait(60)
    closing = threading.Thread(target=cargo.close)
    closing.start()
    deadline = time.monotonic() + 60
    while not cargo.closed:  # no new calls from here on
        assert time.monotonic() < deadline
    with pytest.raises(aircargo.UnavailableError, match="closed"):
        cargo.book("DEL", "BLR", pieces=1, weight_kg=1)
    assert closing.is_alive()
    go_on.set()
    booking.join()
    closing.join()
    assert results == ["BOOKED"]


def test_many_threads_close_at_once():
    cargo = aircargo.open("memory:")
    in_threads(8, lambda _: cargo.close())
    assert cargo.closed


def test_ctrl_c_stops_a_long_batch_between_two_transactions(tmp_path):
    """Another program keeps the file to itself until Ctrl-C was pressed, so the batch can not end before."""
    printed = python(
        """
        import _thread, signal, sqlite3, sys, threading
        import aircargo
        from aircargo import BookingRequest

        path = sys.argv[1]
        signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs in the background inherits none
        with aircargo.open("sqlite:///" + path) as cargo:
            other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            other.execute("BEGIN IMMEDIATE")
            wanted = [BookingRequest("DEL", "BLR", 1, 1)] * 30_000
            begun = threading.Event()

            def interrupt():
                begun.wait()
                _thread.interrupt_main()
                other.execute("ROLLBACK")

            threading.Thread(target=interrupt).start()
            try:
                begun.set()
                cargo.book_many(wanted)
                print("all")
            except KeyboardInterrupt:
                print(cargo.list(count_up_to=50_000).total)
        """,
        str(tmp_path / "cargo.db"),
    )
    assert int(printed) in (0, 8192)  # before the first transaction, or behind it


def test_the_interpreter_ends_with_one_open():
    printed = python(
        """
        import aircargo, asyncio, threading
        from aircargo import aio

        kept = aircargo.open("memory:")
        kept.book("DEL", "BLR", pieces=1, weight_kg=1)

        async def leave_work_behind():
            global also_kept
            also_kept = await aio.open("memory:")
            for _ in range(1000):
                asyncio.create_task(also_kept.book("DEL", "BLR", pieces=1, weight_kg=1))
            await asyncio.sleep(0)

        asyncio.run(leave_work_behind())

        def go_on():
            while True:
                try:
                    kept.book("DEL", "BLR", pieces=1, weight_kg=1)
                except aircargo.UnavailableError:
                    return

        threading.Thread(target=go_on, daemon=True).start()
        print("end")
        """
    )
    assert printed == "end\n"


def test_a_store_in_python_is_there_until_the_end():
    printed = python(
        """
        import sys
        sys.path.insert(0, sys.argv[1])
        import aircargo
        from dict_ports import DictBookingStore

        kept = aircargo.open(DictBookingStore())
        kept.book("DEL", "BLR", pieces=1, weight_kg=1)
        print("end")
        """,
        os.path.dirname(__file__),
    )
    assert printed == "end\n"


def test_a_forked_child_is_told_to_open_its_own():
    printed = python(
        """
        import os, sys, warnings
        warnings.simplefilter("ignore")  # that there are threads is the point
        import aircargo

        kept = aircargo.open("memory:")
        kept.book("DEL", "BLR", pieces=1, weight_kg=1)
        child = os.fork()
        if child == 0:
            try:
                kept.book("DEL", "BLR", pieces=1, weight_kg=1)
            except aircargo.UnavailableError as refused:
                print("forked" in refused.detail)
            with aircargo.open("memory:") as own:
                print(own.book("DEL", "BLR", pieces=1, weight_kg=1).status)
            kept.close()
            sys.stdout.flush()
            sys.exit(0)
        assert os.waitpid(child, 0)[1] == 0
        print(kept.list().total)
        """
    )
    assert printed == "True\nBOOKED\n1\n"


def test_subinterpreters_are_refused():
    printed = python(
        """
        import sys
        try:
            import _interpreters as interpreters
        except ImportError:
            import _xxsubinterpreters as interpreters
        import aircargo

        created = interpreters.create()
        code = '''
        try:
            import aircargo
        except ImportError as refused:
            print("refused:", refused, flush=True)
        else:
            print("imported", flush=True)
        '''
        import textwrap
        run = getattr(interpreters, "exec", None) or interpreters.run_string
        failed = run(created, textwrap.dedent(code))
        interpreters.destroy(created)
        assert failed is None, failed
        with aircargo.open("memory:") as cargo:  # and the main interpreter's goes on
            print(cargo.book("DEL", "BLR", pieces=1, weight_kg=1).status)
        """
    )
    assert printed.startswith("refused:")
    assert printed.endswith("BOOKED\n")


def test_runs_with_the_gil():
    """Of Pythons without a GIL: importing turns it on again, since the module does not say that it needs none."""
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        assert sys._is_gil_enabled()
    else:
        assert getattr(sys, "_is_gil_enabled", lambda: True)()
