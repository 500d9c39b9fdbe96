"""The list of models as people choose from it: what each is good for, and whether it is here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.inference.model import ServedModel
from maskloop.inference.models import Models
from maskloop.inference.schemas import ModelEntryOut, ModelState
from maskloop.jobs.queue import enqueue_pull
from maskloop.jobs.records import UNFINISHED
from maskloop.tables import WHOLE_IMAGE, Image, Job, JobKind, JobState
from sam.config import ARCHITECTURES
from sam.zoo import Listing

LATELY = 500
"""Embeddings whose times say how fast a model is."""


@dataclass(frozen=True)
class Figures:
    """What the records of jobs say, by encoder digest."""

    seconds: Mapping[str, float]
    prepared: Mapping[str, int] | None


async def list_models(db: AsyncSession, models: Models, project_id: int | None) -> list[ModelEntryOut]:
    """Every model, in the order of the zoo; with the numbers of a project where one is named."""
    figures = Figures(await _seconds(db), None if project_id is None else await _prepared(db, project_id))
    pulls = await _pulls(db)
    return [_entry(models, line, await models.look(line.name), pulls, figures) for line in await models.listings()]


async def read_models(db: AsyncSession, models: Models, names: Collection[str]) -> list[ModelEntryOut]:
    """Some models, without the numbers; names that are none are left out."""
    figures, pulls = Figures({}, None), await _pulls(db)
    known = [line for line in await models.listings() if line.name in names]
    return [_entry(models, line, await models.look(line.name), pulls, figures) for line in known]


async def pull_model(db: AsyncSession, models: Models, name: str) -> None:
    """Asks for a model, unless it is here. Raises UnknownModelError where there is none of that name."""
    await models.listing(name)
    if not isinstance(await models.look(name), ServedModel):
        await enqueue_pull(db, name)


def _entry(
    models: Models, line: Listing, found: ServedModel | str | None, pulls: Mapping[str, Job], figures: Figures
) -> ModelEntryOut:
    pull = pulls.get(line.name)
    state, error = _state(found, pull)
    pulling = pull if state == "pulling" else None
    digest = found.encoder_digest if isinstance(found, ServedModel) else ""
    return ModelEntryOut(
        name=line.name,
        title=line.title,
        licence=line.licence,
        good_for=line.good_for,
        size_bytes=line.download_bytes,
        prompts=list(ARCHITECTURES[line.architecture].prompts),
        default=line.name == models.default,
        state=state,
        step=pulling.step if pulling else None,
        progress=pulling.progress if pulling else 0,
        error=error,
        seconds_per_image=figures.seconds.get(digest),
        prepared_count=None if figures.prepared is None else figures.prepared.get(digest, 0),
    )


def _state(found: ServedModel | str | None, pull: Job | None) -> tuple[ModelState, str | None]:
    """A model that is here is ready whatever became of its pull; one being pulled has no fault yet."""
    if isinstance(found, ServedModel):
        return "ready", None
    if pull is not None and pull.state in UNFINISHED:
        return "pulling", None
    if pull is not None and pull.state == JobState.FAILED:
        return "failed", pull.error
    return ("absent", None) if found is None else ("failed", found)


async def _pulls(db: AsyncSession) -> dict[str, Job]:
    jobs = await db.scalars(select(Job).where(Job.kind == JobKind.PULL))
    return {job.model: job for job in jobs if job.model}


async def _seconds(db: AsyncSession) -> dict[str, float]:
    """From begin to end, or from one end to the next, whichever is less: several may be under way at a time."""
    latest = (
        select(Job.encoder_digest, Job.started_at, Job.finished_at)
        .where(Job.kind == JobKind.EMBED, Job.state == JobState.SUCCEEDED)
        .order_by(Job.id.desc())
        .limit(LATELY)
        .subquery()
    )
    before = func.lag(latest.c.finished_at).over(partition_by=latest.c.encoder_digest, order_by=latest.c.finished_at)
    times = select(
        latest.c.encoder_digest,
        func.extract("epoch", latest.c.finished_at - latest.c.started_at).label("run"),
        func.extract("epoch", latest.c.finished_at - before).label("gap"),
    ).subquery()
    median = [func.percentile_cont(0.5).within_group(column) for column in (times.c.run, times.c.gap)]
    rows = await db.execute(select(times.c.encoder_digest, func.least(*median)).group_by(times.c.encoder_digest))
    return {digest: float(seconds) for digest, seconds in rows if digest and seconds is not None}


async def _prepared(db: AsyncSession, project_id: int) -> dict[str, int]:
    rows = await db.execute(
        select(Job.encoder_digest, func.count())
        .join(Image, Image.id == Job.image_id)
        .where(
            Image.project_id == project_id,
            Job.kind == JobKind.EMBED,
            Job.state == JobState.SUCCEEDED,
            Job.crop == WHOLE_IMAGE,
        )
        .group_by(Job.encoder_digest)
    )
    return {digest: number for digest, number in rows if digest}
