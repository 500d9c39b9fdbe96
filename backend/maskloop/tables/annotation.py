"""One mask with its category, and the record of requests that changed masks."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from maskloop.tables.base import Base, CreatedAt, UpdatedAt


class Annotation(Base):
    """A mask in COCO's compressed RLE. Its size is the image's; its box is XYWH."""

    __tablename__ = "annotation"
    __table_args__ = (
        CheckConstraint("area > 0 AND bbox_w > 0 AND bbox_h > 0", name="not_empty"),
        Index(None, "image_id", "coco_id"),
        Index(None, "category_id"),
        Index(None, "parent_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, comment="Made by the client, so that a repeat is recognised")
    coco_id: Mapped[int] = mapped_column(
        BigInteger, Identity(always=True), unique=True, comment="COCO wants integers; also the order of creation"
    )
    image_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("image.id", ondelete="CASCADE"))
    category_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("category.id", ondelete="RESTRICT"))
    counts: Mapped[str] = mapped_column(comment="COCO RLE; its size is the image's height and width")
    bbox_x: Mapped[int]
    bbox_y: Mapped[int]
    bbox_w: Mapped[int]
    bbox_h: Mapped[int]
    area: Mapped[int] = mapped_column(BigInteger)
    attributes: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default="{}", comment="Values by the attribute's name"
    )
    parent_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("annotation.id", ondelete="SET NULL"),
        comment="The whole that it is a part of: an annotation of the same image",
    )
    layer: Mapped[int] = mapped_column(server_default="0", comment="Higher lies over lower")
    provenance: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class Mutation(Base):
    """A request that changed an annotation: its idempotency key, what it asked, and what it was answered."""

    __tablename__ = "mutation"
    __table_args__ = (Index(None, "image_id"),)

    key: Mapped[UUID] = mapped_column(primary_key=True)
    request_hash: Mapped[str] = mapped_column(comment="SHA-256 of method, path, query and body")
    image_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("image.id", ondelete="CASCADE"))
    annotation_id: Mapped[UUID] = mapped_column(comment="No foreign key: the record outlives the annotation")
    response: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[CreatedAt]
