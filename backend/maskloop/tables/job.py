"""Background work as people see it: what it is for, where it stands, why it failed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maskloop.tables.base import Base, BigId, CreatedAt, UpdatedAt


class JobKind(StrEnum):
    """`EMBED`: one image, or a crop of it, with one encoder. `PULL`: one model, fetched and made ready."""

    EMBED = "embed"
    PULL = "pull"


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


def _one_of(column: str, choices: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(choice.value) for choice in choices)})"


WHOLE_IMAGE = ""
"""As a crop."""

SUBJECT = (
    "CASE kind WHEN 'embed' THEN num_nonnulls(image_id, encoder_digest) = 2 AND model IS NULL "
    "WHEN 'pull' THEN model IS NOT NULL AND num_nonnulls(image_id, encoder_digest) = 0 AND crop = '' END"
)
"""What a job is about, by its kind: these columns are filled, the others are null; `crop` may be."""


class Job(Base):
    """The record of one piece of work; who runs it when is the queue engine's business."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("kind", "image_id", "encoder_digest", "crop"),
        UniqueConstraint("kind", "model"),
        CheckConstraint(_one_of("kind", JobKind), name="kind"),
        CheckConstraint(_one_of("state", JobState), name="state"),
        CheckConstraint(SUBJECT, name="subject"),
        Index(None, "image_id"),
        Index(None, "run"),
        Index("ix_job_unfinished", "updated_at", postgresql_where="state IN ('queued', 'running')"),
    )

    id: Mapped[BigId]
    kind: Mapped[str]
    image_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("image.id", ondelete="CASCADE"))
    encoder_digest: Mapped[str | None]
    crop: Mapped[str] = mapped_column(server_default=WHOLE_IMAGE, comment="x,y,w,h in pixels; empty: the whole image")
    model: Mapped[str | None] = mapped_column(comment="Name of the model to pull")
    state: Mapped[str]
    priority: Mapped[int]
    attempts: Mapped[int] = mapped_column(server_default="0", comment="Runs begun since it was last queued anew")
    run: Mapped[UUID | None] = mapped_column(comment="The run that owns the row; another may have taken it over")
    progress: Mapped[float] = mapped_column(server_default="0", comment="0 to 1")
    step: Mapped[str | None] = mapped_column(comment="What it is doing, for people")
    error: Mapped[str | None] = mapped_column(comment="Why it failed, for people")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
