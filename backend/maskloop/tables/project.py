"""A project and its categories."""

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
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
    created_at: Mapped[CreatedAt]


class Project(Base):
    """A set of images, and the categories they are annotated with."""

    __tablename__ = "project"

    id: Mapped[BigId]
    name: Mapped[str]
    created_at: Mapped[CreatedAt]

    categories: Mapped[list[Category]] = relationship(
        order_by=Category.position, lazy="raise", passive_deletes=True, cascade="all, delete-orphan"
    )
