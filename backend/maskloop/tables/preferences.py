"""What a person has set for themselves."""

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from maskloop.tables.base import Base, UpdatedAt


class Preferences(Base):
    """One row a person; there is none while they keep the defaults."""

    __tablename__ = "preferences"

    owner: Mapped[str] = mapped_column(primary_key=True, comment="Whose; `local` while there are no accounts")
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[UpdatedAt]
