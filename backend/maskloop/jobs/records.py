"""The `job` rows of embeddings, from queued to their end.

The unit of work is (encoder, digest of the image's bytes): the same photo in two projects is two rows and one run.
Every final write is conditional, so a worker that was given up for dead cannot overwrite its successor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.jobs import events
from maskloop.tables import Image, Job, JobKind, JobState

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class Work:
    """What to embed with what: two SHA-256 digests, hexadecimal."""

    encoder_digest: str
    image_digest: str

    @property
    def dedupe_key(self) -> str:
        return f"embed:{self.encoder_digest}:{self.image_digest}"


@dataclass(frozen=True)
class Attempt:
    """A run and its number: 1 for the first since the work was queued anew."""

    run: UUID
    number: int


async def begin(db: AsyncSession, work: Work) -> Attempt | None:
    """Makes a new run the owner of the work, whoever had it before. None: nobody wants it any more."""
    run = uuid4()
    begun = await _change(
        db,
        and_(_rows_of(work), Job.state.in_(UNFINISHED)),
        state=JobState.RUNNING,
        run=run,
        attempts=Job.attempts + 1,
        progress=0,
        started_at=func.now(),
    )
    return Attempt(run, max(begun)) if begun else None


async def succeed(db: AsyncSession, work: Work) -> None:
    """The embedding is in the store, whoever put it there."""
    await _change(
        db,
        and_(_rows_of(work), Job.state.in_(UNFINISHED)),
        state=JobState.SUCCEEDED,
        run=None,
        progress=1,
        error=None,
        finished_at=func.now(),
    )


async def fail(db: AsyncSession, run: UUID, reason: str) -> None:
    """Ends the rows that `run` still owns. `reason` is shown to people."""
    await _change(db, _owned_by(run), state=JobState.FAILED, run=None, error=reason, finished_at=func.now())


async def hand_back(db: AsyncSession, run: UUID, reason: str) -> None:
    """Queues the rows that `run` still owns for another try."""
    await _change(db, _owned_by(run), state=JobState.QUEUED, run=None, error=reason)


def _rows_of(work: Work) -> ColumnElement[bool]:
    return and_(Job.kind == JobKind.EMBED, Job.encoder_digest == work.encoder_digest, Image.digest == work.image_digest)


def _owned_by(run: UUID) -> ColumnElement[bool]:
    return and_(Job.run == run, Job.state == JobState.RUNNING)


async def _change(db: AsyncSession, which: ColumnElement[bool], **values: Any) -> Sequence[int]:
    """Updates rows and announces each of their images; the rows' attempts."""
    changed = await db.execute(
        update(Job)
        .where(Job.image_id == Image.id, which)
        .values(**values)
        .returning(Image.project_id, Job.image_id, Job.attempts)
        .execution_options(synchronize_session=False)
    )
    rows = changed.all()
    for row in rows:
        await events.publish(db, row.project_id, row.image_id)
    return [row.attempts for row in rows]
