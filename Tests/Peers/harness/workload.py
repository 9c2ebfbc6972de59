"""What a workload is. One file in `workloads` makes one; the report renders any of them."""

from collections.abc import Callable
from dataclasses import dataclass, field


class Failed(Exception):
    """A run whose result is not what it must be; its figures do not count."""


@dataclass
class Measurement:
    """What one run gives: numbers by key, and a course over time where there is one."""

    values: dict[str, float]
    series: list[list[float]] = field(default_factory=list)


@dataclass(frozen=True)
class Contender:
    name: str
    # Does one run in a session (harness/session.py), checks it, and throws `Failed` if it went wrong.
    run: Callable[..., Measurement]
    # In a few words, what it is; for the document.
    what: str = ""


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    digits: int = 0
    # Whether smallest and largest are shown beside the median.
    spread: bool = False


@dataclass(frozen=True)
class Goal:
    """A ratio of two contenders, round by round; the best of `theirs` counts. Without them, a limit for `ours`."""

    what: str
    key: str
    ours: str
    theirs: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Bars:
    """A bar for each contender: the median, with a line from the smallest to the largest."""

    key: str
    title: str
    unit: str
    digits: int = 0


@dataclass(frozen=True)
class Stack:
    """A bar for each contender, of parts that add up."""

    parts: tuple[tuple[str, str], ...]
    title: str
    unit: str
    contenders: tuple[str, ...] = ()
    digits: int = 0


@dataclass(frozen=True)
class Lines:
    """The course of each contender that has one, in its last round."""

    title: str
    x: str
    y: str


@dataclass(frozen=True)
class Workload:
    name: str
    title: str
    # Markdown: what is done and compared; and what limits the figures, and where the time goes.
    what: str
    limits: str
    contenders: tuple[Contender, ...]
    columns: tuple[Column, ...]
    goals: tuple[Goal, ...] = ()
    plots: tuple[Bars | Stack | Lines, ...] = ()
    rounds: int = 5
    # Whether it runs only when it is named: its peers are large.
    is_large: bool = False
    # Sets up what all runs share, as a context manager in a session; its value is handed to each run.
    shared: Callable | None = None


# Where the CPU time of queue workers goes, in microseconds for one message or asset.
CPU_COLUMNS = (Column("client_us", "client µs"), Column("broker_us", "broker µs"))
CPU_PARTS = (("client_us", "client"), ("broker_us", "broker"))
DATABASE_PART = ("database_us", "database")
