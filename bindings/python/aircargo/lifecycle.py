"""Lifecycles as tables: which state leads to which by what, to be listed and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from aircargo import _core
from aircargo._values import Act, Status

__all__ = ["BOOKING_LIFECYCLE", "Lifecycle", "Transition"]


class Transition(NamedTuple):
    """In state `source`, `act` is allowed and leads to `target`.

    Parameters
    ----------
    source : Status
    act : Act
    target : Status
    """

    source: Status
    act: Act
    target: Status


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Which acts are allowed in which state; what is not in the table is refused.

    `BOOKING_LIFECYCLE` is that of a booking, the table that the library itself goes by. There ``depart`` while DEPARTED
    leads on from a transfer airport, and ``arrive`` while DEPARTED keeps DEPARTED at any airport but the destination.

    Parameters
    ----------
    transitions : tuple of Transition
        The table; its first line begins at the first state.

    Examples
    --------
    >>> BOOKING_LIFECYCLE.next(Status.BOOKED, Act.DEPART)
    <Status.DEPARTED: 'DEPARTED'>
    >>> BOOKING_LIFECYCLE.next(Status.ARRIVED, Act.CANCEL) is None
    True
    >>> [str(state) for state in BOOKING_LIFECYCLE.states if BOOKING_LIFECYCLE.is_final(state)]
    ['CANCELLED', 'DELIVERED']
    """

    transitions: tuple[Transition, ...]

    @property
    def states(self) -> tuple[Status, ...]:
        """All states, in the order in which the table first leads to them."""
        return tuple(dict.fromkeys(state for line in self.transitions for state in (line.source, line.target)))

    @property
    def acts(self) -> tuple[Act, ...]:
        """All acts, in the order of the table."""
        return tuple(dict.fromkeys(line.act for line in self.transitions))

    def next(self, state: Status | str, act: Act | str) -> Status | None:
        """Tell where an act leads to.

        Parameters
        ----------
        state : Status
        act : Act

        Returns
        -------
        Status or None
            The state after the act; None where the act is not allowed.
        """
        return next((line.target for line in self.transitions if line.source == state and line.act == act), None)

    def is_final(self, state: Status | str) -> bool:
        """Tell whether no act is allowed in a state.

        Parameters
        ----------
        state : Status

        Returns
        -------
        bool
        """
        return all(line.source != state for line in self.transitions)

    def to_dot(self) -> str:
        """Draw it for Graphviz.

        Returns
        -------
        str
            A digraph in the DOT language.
        """
        shapes = [f'    "{state}"{" [peripheries=2]" if self.is_final(state) else ""};' for state in self.states]
        arrows = [f'    "{line.source}" -> "{line.target}" [label="{line.act}"];' for line in self.transitions]
        return "\n".join(["digraph lifecycle {", "    rankdir=LR;", *shapes, *arrows, "}"]) + "\n"

    def to_mermaid(self) -> str:
        """Draw it for Mermaid, as pages in Markdown show it.

        Returns
        -------
        str
            A state diagram.
        """
        arrows = [f"    {line.source} --> {line.target}: {line.act}" for line in self.transitions]
        ends = [f"    {state} --> [*]" for state in self.states if self.is_final(state)]
        return "\n".join(["stateDiagram-v2", f"    [*] --> {self.states[0]}", *arrows, *ends]) + "\n"

    def _repr_markdown_(self) -> str:
        return f"```mermaid\n{self.to_mermaid()}```\n"


BOOKING_LIFECYCLE = Lifecycle(tuple(Transition(*line) for line in _core.booking_transitions()))
