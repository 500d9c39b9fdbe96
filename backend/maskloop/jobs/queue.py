"""Putting work in the queue, and putting back what fell out of it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, case, delete, func, literal, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.domain.crops import Crop
from maskloop.jobs import engine, events
from maskloop.jobs.engine import Entry, Lane, Urgency
from maskloop.jobs.events import News
from maskloop.jobs.records import UNFINISHED, EmbedWork, PullWork, Work, crop_column
from maskloop.tables import WHOLE_IMAGE, Encoders, Image, Job, JobKind, JobState, Project, encoder_of_project

PAYLOAD: TypeAdapter[Work] = TypeAdapter(EmbedWork | PullWork)
Kind = TypeVar("Kind", EmbedWork, PullWork)
MOST_AT_ONCE = 5_000
"""Images that one sweep queues: a statement takes 32,767 parameters, and a transaction should be short."""


async def enqueue_embeddings(
    db: AsyncSession,
    image_ids: Iterable[int],
    *,
    encoder_digest: str,
    urgency: Urgency,
    crop: Crop | None = None,
    retry_failed: bool = False,
) -> None:
    """Asks for embeddings, of the whole images or of that crop of each, in the session's transaction: rolled back with
    it, visible to workers with its commit.

    Asking again is harmless: what waits already is only ever raised to `urgency`. Work that succeeded is queued anew,
    so ask only for what the store lacks. Work that failed stays failed unless `retry_failed`.
    """
    ids = sorted(set(image_ids))
    await _record(db, Image.id.in_(ids), encoder_digest, crop, urgency, retry_failed=retry_failed)
    these = and_(Job.image_id.in_(ids), Job.encoder_digest == encoder_digest, Job.crop == crop_column(crop))
    unfinished = await _unfinished_embeddings(db, these)
    await _put_embeddings(db, unfinished, urgency)


async def enqueue_pull(db: AsyncSession, model: str) -> None:
    """Asks for a model in the session's transaction. While it is being pulled asking again changes nothing; a pull that
    has ended, well or badly, begins anew."""
    wanted = insert(Job).values(kind=JobKind.PULL, model=model, state=JobState.QUEUED, priority=0)
    ended = Job.state.not_in(UNFINISHED)
    progress = case((ended, 0), else_=Job.progress)
    await db.execute(_or_anew(wanted, ended, [Job.kind, Job.model], progress=progress))
    await _put_pulls(db, [PullWork(model)])
    await events.publish(db, News(model=model))


async def enqueue_missing(db: AsyncSession, encoders: Encoders) -> None:
    """Queues, ahead, every image that the encoder of its project's model was never asked to embed: uploaded before the
    model was there, or before the project had it."""
    encoder = encoder_of_project(encoders)
    asked = select(Job.id).where(
        Job.kind == JobKind.EMBED,
        Job.image_id == Image.id,
        Job.encoder_digest == encoder,
        Job.crop == WHOLE_IMAGE,
    )
    missing = await db.execute(
        select(encoder, Image.id)
        .join(Project, Project.id == Image.project_id)
        .where(encoder.is_not(None), ~asked.exists())
        .order_by(Image.id)
        .limit(MOST_AT_ONCE)
    )
    by_encoder = defaultdict(list)
    for digest, image_id in missing:
        by_encoder[str(digest)].append(image_id)
    for digest, image_ids in by_encoder.items():
        await enqueue_embeddings(db, image_ids, encoder_digest=digest, urgency=Urgency.AHEAD)


async def drop_ahead(db: AsyncSession, project_id: int, *, except_digest: str | None) -> None:
    """Forgets what was queued ahead for a project's images by other encoders than this one, and has not begun.

    The engine's entries stay: whoever takes one that nobody wants any more ends it at once (`records.begin`).
    """
    await db.execute(
        delete(Job).where(
            Job.kind == JobKind.EMBED,
            Job.state == JobState.QUEUED,
            Job.priority == Urgency.AHEAD.priority,
            Job.encoder_digest.is_distinct_from(except_digest),
            Job.image_id.in_(select(Image.id).where(Image.project_id == project_id)),
        )
    )


async def restore_lost(db: AsyncSession, older_than: timedelta) -> None:
    """Puts unfinished work back that the engine no longer holds.

    The engine removes a finished entry just after our row is final. Work asked for anew in that moment is recorded
    but not held; so is what a database restored from a backup says was running.
    """
    old = Job.updated_at < func.now() - older_than
    await _put_embeddings(db, await _not_held(db, await _unfinished_embeddings(db, old)), Urgency.AHEAD)
    pulls = select(Job.model).where(Job.kind == JobKind.PULL, Job.state.in_(UNFINISHED), old)
    await _put_pulls(db, await _not_held(db, [PullWork(name) for name in await db.scalars(pulls) if name]))


async def release_orphans(db: AsyncSession) -> None:
    """Gives the work of dead workers to living ones now, rather than when the heartbeat is overdue."""
    await engine.release_orphans(await _driver_connection(db))


async def _record(
    db: AsyncSession,
    which: ColumnElement[bool],
    encoder_digest: str,
    crop: Crop | None,
    urgency: Urgency,
    *,
    retry_failed: bool,
) -> None:
    rows = select(
        literal(JobKind.EMBED.value),
        Image.id,
        literal(encoder_digest),
        literal(crop_column(crop)),
        literal(JobState.QUEUED.value),
        literal(urgency.priority),
    )
    wanted = insert(Job).from_select(
        ["kind", "image_id", "encoder_digest", "crop", "state", "priority"], rows.where(which).order_by(Image.id)
    )
    anew = Job.state.in_([JobState.SUCCEEDED, *([JobState.FAILED] if retry_failed else [])])
    raised = func.greatest(Job.priority, wanted.excluded.priority)
    priority = case((anew, wanted.excluded.priority), else_=raised)
    unique = [Job.kind, Job.image_id, Job.encoder_digest, Job.crop]
    await db.execute(_or_anew(wanted, anew, unique, priority=priority))


def _or_anew(wanted: Insert, anew: ColumnElement[bool], unique: list[Any], **values: Any) -> Insert:
    """Where the row is there already: queued once more if `anew`, with `values` in any case."""
    return wanted.on_conflict_do_update(
        index_elements=unique,
        set_={
            "state": case((anew, wanted.excluded.state), else_=Job.state),
            "attempts": case((anew, 0), else_=Job.attempts),
            "error": case((anew, None), else_=Job.error),
            "updated_at": func.now(),
            **values,
        },
    )


async def _unfinished_embeddings(db: AsyncSession, which: ColumnElement[bool]) -> list[EmbedWork]:
    """Each piece of work once, in the order of upload."""
    rows = await db.execute(
        select(Job.encoder_digest, Image.digest, Job.crop)
        .join(Image, Image.id == Job.image_id)
        .where(Job.kind == JobKind.EMBED, Job.state.in_(UNFINISHED), which)
        .group_by(Job.encoder_digest, Image.digest, Job.crop)
        .order_by(func.min(Image.id))
    )
    return [EmbedWork(encoder, image, Crop.parse(crop) if crop else None) for encoder, image, crop in rows if encoder]


async def _not_held(db: AsyncSession, work: list[Kind]) -> list[Kind]:
    held = await engine.present(await _driver_connection(db), [item.dedupe_key for item in work])
    return [item for item in work if item.dedupe_key not in held]


async def _put_embeddings(db: AsyncSession, work: list[EmbedWork], urgency: Urgency) -> None:
    if work:
        await engine.put(await _driver_connection(db), [_entry(item) for item in work], urgency)


async def _put_pulls(db: AsyncSession, work: list[PullWork]) -> None:
    if work:
        await engine.put_in(await _driver_connection(db), Lane.PULL, [_entry(item) for item in work])


def _entry(work: Work) -> Entry:
    return Entry(work.dedupe_key, PAYLOAD.dump_json(work))


async def _driver_connection(db: AsyncSession) -> Any:
    """The asyncpg connection beneath the session, inside the session's transaction.

    SQLAlchemy begins the transaction with the first statement it sends, so one must have been sent.
    """
    connection = await db.connection()
    raw = await connection.get_raw_connection()
    return raw.driver_connection
