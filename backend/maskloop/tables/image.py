"""An image of a project. Its bytes lie in the file store under their digest."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maskloop.tables.base import Base, BigId, CreatedAt


class Image(Base):
    """Width and height are those of the image as shown: with its EXIF orientation applied."""

    __tablename__ = "image"
    __table_args__ = (
        UniqueConstraint("project_id", "digest"),
        CheckConstraint("width > 0 AND height > 0", name="size"),
        Index(None, "project_id", "id"),
        Index(None, "digest"),
    )

    id: Mapped[BigId]
    project_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("project.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(comment="SHA-256 of the uploaded bytes, hexadecimal")
    file_name: Mapped[str]
    media_type: Mapped[str]
    byte_size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int]
    height: Mapped[int]
    rendition_type: Mapped[str | None] = mapped_column(
        comment="Media type of the stored rendition for browsers; null where they can show the original"
    )
    created_at: Mapped[CreatedAt]
