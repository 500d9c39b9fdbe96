"""Putting embeddings in the queue, and putting back what fell out of it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.jobs import engine
from maskloop.jobs.engine import Entry, Urgency
from maskloop.jobs.records import UNFINISHED, Work
from maskloop.tables import Image, Job, JobKind, JobState

PAYLOAD = TypeAdapter(Work)
MOST_AT_ONCE = 5_000
"""Images that one sweep queues: a statement takes 32,767 parameters, and a transaction should be short."""


async def enqueue_embeddings(
    db: AsyncSession,
    image_ids: Iterable[int],
    *,
    encoder_digest: str,
    urgency: Urgency,
    retry_failed: bool = False,
) -> None:
    """Asks for embeddings in the session's transaction: rolled back with it, visible to workers with its commit.

    Asking again is harmless: what waits already is only ever raised to `urgency`. Work that succeeded is queued anew,
    so ask only for what the store lacks. Work that failed stays failed unless `retry_failed`.
    """
    ids = sorted(set(image_ids))
    await _record(db, Image.id.in_(ids), encoder_digest, urgency, retry_failed=retry_failed)
    await _put(db, Job.image_id.in_(ids), encoder_digest, urgency)


async def enqueue_missing(db: AsyncSession, encoder_digest: str) -> None:
    """Queues, ahead, every image that this encoder was never asked to embed: uploaded before it was there."""
    asked = select(Job.id).where(
        Job.kind == JobKind.EMBED, Job.image_id == Image.id, Job.encoder_digest == encoder_digest
    )
    missing = (await db.scalars(select(Image.id).where(~asked.exists()).order_by(Image.id).limit(MOST_AT_ONCE))).all()
    if missing:
        await enqueue_embeddings(db, missing, encoder_digest=encoder_digest, urgency=Urgency.AHEAD)


async def restore_lost(db: AsyncSession, older_than: timedelta) -> None:
    """Puts unfinished work back that the engine no longer holds.

    The engine removes a finished entry just after our row is final. Work asked for anew in that moment is recorded
    but not held; so is what a database restored from a backup says was running.
    """
    unfinished = await _unfinished(db, Job.updated_at < func.now() - older_than)
    held = await engine.present(await _driver_connection(db), [work.dedupe_key for work in unfinished])
    await _put_work(db, [work for work in unfinished if work.dedupe_key not in held], Urgency.AHEAD)


async def release_orphans(db: AsyncSession) -> None:
    """Gives the work of dead workers to living ones now, rather than when the heartbeat is overdue."""
    await engine.release_orphans(await _driver_connection(db))


async def _record(
    db: AsyncSession, which: ColumnElement[bool], encoder_digest: str, urgency: Urgency, *, retry_failed: bool
) -> None:
    rows = select(
        literal(JobKind.EMBED.value),
        Image.id,
        literal(encoder_digest),
        literal(JobState.QUEUED.value),
        literal(urgency.priority),
    )
    wanted = insert(Job).from_select(
        ["kind", "image_id", "encoder_digest", "state", "priority"], rows.where(which).order_by(Image.id)
    )
    anew = Job.state.in_([JobState.SUCCEEDED, *([JobState.FAILED] if retry_failed else [])])
    raised = func.greatest(Job.priority, wanted.excluded.priority)
    await db.execute(
        wanted.on_conflict_do_update(
            index_elements=[Job.kind, Job.image_id, Job.encoder_digest],
            set_={
                "state": case((anew, wanted.excluded.state), else_=Job.state),
                "attempts": case((anew, 0), else_=Job.attempts),
                "error": case((anew, None), else_=Job.error),
                "priority": case((anew, wanted.excluded.priority), else_=raised),
                "updated_at": func.now(),
            },
        )
    )


async def _put(db: AsyncSession, which: ColumnElement[bool], encoder_digest: str, urgency: Urgency) -> None:
    await _put_work(db, await _unfinished(db, which & (Job.encoder_digest == encoder_digest)), urgency)


async def _unfinished(db: AsyncSession, which: ColumnElement[bool]) -> list[Work]:
    """Each piece of work once, in the order of upload."""
    rows = await db.execute(
        select(Job.encoder_digest, Image.digest)
        .join(Image, Image.id == Job.image_id)
        .where(Job.kind == JobKind.EMBED, Job.state.in_(UNFINISHED), which)
        .group_by(Job.encoder_digest, Image.digest)
        .order_by(func.min(Image.id))
    )
    return [Work(encoder_digest=encoder, image_digest=image) for encoder, image in rows]


async def _put_work(db: AsyncSession, work: list[Work], urgency: Urgency) -> None:
    if work:
        entries = [Entry(item.dedupe_key, PAYLOAD.dump_json(item)) for item in work]
        await engine.put(await _driver_connection(db), entries, urgency)


async def _driver_connection(db: AsyncSession) -> Any:
    """The asyncpg connection beneath the session, inside the session's transaction.

    SQLAlchemy begins the transaction with the first statement it sends, so one must have been sent.
    """
    connection = await db.connection()
    raw = await connection.get_raw_connection()
    return raw.driver_connection
