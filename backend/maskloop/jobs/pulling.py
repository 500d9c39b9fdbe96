"""What the thread that pulls a model and the loop that watches over it have in common."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


class PullStoppedError(Exception):
    """The pull ended because it was asked to; what was fetched so far is kept, and the next try goes on from there."""


@dataclass
class PullProgress:
    """One side writes each field, the other reads it."""

    step: str = ""
    """What is being done, for people."""
    fraction: float | None = None
    """Of that step, 0 to 1; None where nobody can say."""
    stopping: bool = False
    """Set where the worker ends: the pull is to raise PullStoppedError at its next step."""

    def note(self, step: str, fraction: float | None = None) -> None:
        """Called by the thread. Raises PullStoppedError when it is to end."""
        if self.stopping:
            raise PullStoppedError
        self.step, self.fraction = step, fraction


Pull = Callable[[str, PullProgress], Awaitable[None]]
"""(name of a model, where to tell how far it is): makes the model ready in the weights folder.

DomainError: it cannot be had, and why. PullStoppedError: it was asked to end. Any other error: it may work another
time."""
