"""Reading and keeping a person's settings."""

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.errors import ConflictError
from maskloop.preferences.schemas import PreferencesIn, PreferencesOut, Settings
from maskloop.tables import Preferences

LOCAL = "local"
"""Whose settings they are while there are no accounts: those of whoever sits at this installation."""


async def read_preferences(db: AsyncSession, owner: str) -> PreferencesOut:
    """Defaults under version 0 where nothing was stored."""
    found = await db.execute(select(Preferences.settings, Preferences.version).where(Preferences.owner == owner))
    row = found.one_or_none()
    if row is None:
        return PreferencesOut(version=0, settings=Settings())
    known = {name: value for name, value in row.settings.items() if name in Settings.model_fields}
    return PreferencesOut(version=row.version, settings=Settings.model_validate(known))


async def store_preferences(db: AsyncSession, owner: str, body: PreferencesIn) -> PreferencesOut:
    """ConflictError with `current` where the version is not the newest."""
    settings = body.settings.model_dump(mode="json")
    if body.version == 0:
        first = insert(Preferences).values(owner=owner, settings=settings)
        stored = await db.scalar(first.on_conflict_do_nothing().returning(Preferences.version))
    else:
        of_version = (Preferences.owner == owner, Preferences.version == body.version)
        change = update(Preferences).where(*of_version).values(settings=settings, version=body.version + 1)
        stored = await db.scalar(change.returning(Preferences.version))
    if stored is None:
        raise ConflictError(
            "The settings were changed in another window meanwhile. Look at them again.",
            code="stale_version",
            current=await read_preferences(db, owner),
        )
    return PreferencesOut(version=stored, settings=body.settings)
