"""A measured figure, its peer's in the same run, and the table of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure. `ratio` is ours to the peer's, from medians of interleaved runs: below 1 is faster, or smaller."""

    what: str
    unit: str
    median: float
    p95: float | None = None
    peer: str | None = None
    peer_median: float | None = None
    peer_p95: float | None = None
    runs: int = 1

    @property
    def ratio(self) -> float | None:
        return None if self.peer_median is None else self.median / self.peer_median

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio}


def p95(samples: list[float]) -> float:
    return quantiles(samples, n=20, method="inclusive")[-1] if len(samples) > 1 else samples[0]


def interleave(runs: Sequence[Callable[[], object]], rounds: int) -> list[list[float]]:
    """Milliseconds of each round of each of them, in turn, after one warm-up of each."""
    samples: list[list[float]] = [[] for _ in runs]
    for turn in range(-1, rounds):
        for run, times in zip(runs, samples, strict=True):
            start = time.perf_counter()
            run()
            if turn >= 0:
                times.append((time.perf_counter() - start) * 1000)
    return samples


def threads_of(count: int) -> str:
    return f"{count} thread{'s'[: count > 1]}"


def timed(what: str, samples: list[float], peer: str | None = None, peer_samples: list[float] | None = None) -> Row:
    """A row of milliseconds from samples of the same length."""
    return Row(
        what=what,
        unit="ms",
        median=median(samples),
        p95=p95(samples),
        peer=peer,
        peer_median=median(peer_samples) if peer_samples else None,
        peer_p95=p95(peer_samples) if peer_samples else None,
        runs=len(samples),
    )


def table(rows: list[Row]) -> str:
    """Markdown."""
    lines = [
        "| what | median | p95 | peer | peer's median | peer's p95 | ratio | runs |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        figures = [_figure(row.median, row.unit), _figure(row.p95, row.unit), row.peer or ""]
        figures += [_figure(row.peer_median, row.unit), _figure(row.peer_p95, row.unit)]
        figures += ["" if row.ratio is None else f"{row.ratio:.2f}", str(row.runs)]
        lines.append(f"| {row.what} | " + " | ".join(figures) + " |")
    return "\n".join(lines)


def _figure(value: float | None, unit: str) -> str:
    match unit:
        case _ if value is None:
            return ""
        case "IoU":
            return f"{value:.4f}"
        case "of the largest value":
            return f"{value:.1e}"
        case "bytes":
            return f"{value:,.0f} {unit}"
        case _:
            return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"
