"""A project and its categories."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, UniqueConstraint, case, false, null
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from maskloop.tables.base import Base, BigId, CreatedAt


class Category(Base):
    """A class that an annotation can have; its colour is `#rrggbb`."""

    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("project_id", "name"),)

    id: Mapped[BigId]
    project_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("project.id", ondelete="CASCADE"))
    name: Mapped[str]
    color: Mapped[str]
    position: Mapped[int]
    attributes: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default="[]", comment="What its annotations can say"
    )
    created_at: Mapped[CreatedAt]


class Project(Base):
    """A set of images, and the categories they are annotated with."""

    __tablename__ = "project"

    id: Mapped[BigId]
    name: Mapped[str]
    model: Mapped[str | None] = mapped_column(comment="Name of its model; null: the server's default")
    next_model: Mapped[str | None] = mapped_column(comment="Name of the model it changes to as soon as that is here")
    created_at: Mapped[CreatedAt]

    categories: Mapped[list[Category]] = relationship(
        order_by=Category.position, lazy="raise", passive_deletes=True, cascade="all, delete-orphan"
    )


Encoders = Mapping[str | None, str]
"""Digest of the encoder of each model that is here, by the model's name; None is the server's default."""


def encoder_of_project(encoders: Encoders) -> ColumnElement[str | None]:
    """In SQL, the digest of the encoder of a project's model; null where that model is not here."""
    choices = [
        (Project.model == name if name else Project.model.is_(None), digest) for name, digest in encoders.items()
    ]
    return case((false(), null()), *choices, else_=null())  # the first one: a CASE needs a branch
