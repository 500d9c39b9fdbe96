"""Exactly once: a client repeats a change until it hears the answer, and the change happens one time.

The record of a change is written in the change's own transaction, so there is never one without the other. A repeat is
answered from the record. A change that failed leaves none: it is judged anew.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.errors import InvalidError
from maskloop.tables import Mutation


@dataclass(frozen=True)
class Claim:
    """A request that asks for a change: its key, and a hash of everything it asks."""

    key: UUID
    request_hash: str


@dataclass(frozen=True)
class Change:
    """What a change did, for its record. `answer` is the annotation as it is now; None when it is deleted."""

    image_id: int
    annotation_id: UUID
    answer: BaseModel | None


@dataclass(frozen=True)
class Answer:
    """What to tell the client, as JSON. `is_replay`: it was told before, or tried to be."""

    body: dict[str, Any] | None
    is_replay: bool


async def get_claim(
    request: Request,
    idempotency_key: Annotated[
        UUID, Header(description="One for each change; repeat the change with the same one until it is answered.")
    ],
) -> Claim:
    """Hashes method, path, query and body."""
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + await request.body()
    return Claim(idempotency_key, hashlib.sha256(asked).hexdigest())


ClaimDep = Annotated[Claim, Depends(get_claim)]


async def once(db: AsyncSession, claim: Claim, change: Callable[[], Awaitable[Change]]) -> Answer:
    """Makes the change unless it was made. Raises InvalidError where the key was used for another one."""
    # Until this transaction ends, whoever comes with the same key waits here, and then finds the record.
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(claim.key), 1))))
    if record := await db.get(Mutation, claim.key):
        return _replay(record, claim)
    made = await change()
    body = made.answer.model_dump(mode="json") if made.answer else None
    db.add(
        Mutation(
            key=claim.key,
            request_hash=claim.request_hash,
            image_id=made.image_id,
            annotation_id=made.annotation_id,
            response=body,
        )
    )
    await db.flush()
    return Answer(body, is_replay=False)


def _replay(record: Mutation, claim: Claim) -> Answer:
    if record.request_hash != claim.request_hash:
        raise InvalidError(
            f"The Idempotency-Key {claim.key} was used for another change. Make a new key for every change.",
            code="idempotency_key_reused",
        )
    return Answer(record.response, is_replay=True)
