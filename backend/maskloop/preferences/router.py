"""HTTP for a person's settings."""

from typing import Annotated

from fastapi import APIRouter, Depends

from maskloop.db import Db
from maskloop.errors import problems
from maskloop.preferences import service
from maskloop.preferences.schemas import PreferencesIn, PreferencesOut

router = APIRouter(prefix="/preferences", tags=["preferences"])


async def get_owner() -> str:
    """Whose settings a request is about. Accounts will answer with the person who asks."""
    return service.LOCAL


OwnerDep = Annotated[str, Depends(get_owner)]


@router.get("", summary="Read one's settings")
async def read_preferences(owner: OwnerDep, db: Db) -> PreferencesOut:
    """Defaults, under version 0, where nothing was stored."""
    return await service.read_preferences(db, owner)


@router.put("", summary="Store one's settings", responses=problems(409, 422))
async def store_preferences(owner: OwnerDep, body: PreferencesIn, db: Db) -> PreferencesOut:
    """Refused with `stale_version`, and the settings as `current`, where another window was first."""
    return await service.store_preferences(db, owner, body)
