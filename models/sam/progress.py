"""How a long piece of work tells how far it is, and how it is stopped."""

from collections.abc import Callable

Progress = Callable[[str, float | None], None]
"""Hears a sentence, and the part of it that is done, 0 to 1; None where nobody can say: a step begins.

What it raises stops the work at once; what has been downloaded by then is kept, and the next try goes on from there.
"""


def silent(sentence: str, fraction: float | None) -> None:
    """Tells nobody."""
