"""The job that embeds one image: our record, the work, our record again."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from maskloop.errors import DomainError
from maskloop.jobs import records
from maskloop.jobs.engine import Lane, Urgency
from maskloop.jobs.queue import PAYLOAD
from maskloop.jobs.records import Work

MOST_ATTEMPTS = 3
RETRY_SECONDS = 2.0

log = structlog.get_logger(__name__)

Embed = Callable[[str, str, Urgency], Awaitable[None]]
"""(encoder digest, image digest, urgency): puts the embedding in the store unless it is there.

DomainError: these bytes will never work, and why. Any other error: it may work another time."""

URGENCY = {urgency.lane: urgency for urgency in Urgency}


class EmbedJob:
    """Handles entries of both lanes."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], embed: Embed) -> None:
        self._sessions = sessions
        self._embed = embed

    async def __call__(self, lane: Lane, payload: bytes) -> float | None:
        """Runs one entry to its end, or hands it back: seconds until the next try."""
        work, run = PAYLOAD.validate_json(payload), uuid4()
        async with self._sessions.begin() as db:
            attempt = await records.begin(db, work, run)
            if attempt is None:
                return None
            if attempt > MOST_ATTEMPTS:
                await records.fail(
                    db, run, f"The worker died {MOST_ATTEMPTS} times while it read or embedded this image."
                )
                return None
        try:
            await self._embed(work.encoder_digest, work.image_digest, URGENCY[lane])
        except DomainError as error:
            await self._end_badly(run, error.detail)
        except Exception as error:
            log.exception("embedding failed", image=work.image_digest, attempt=attempt)
            return await self._try_again(run, attempt, error)
        else:
            await self._succeed(work)
        return None

    async def _succeed(self, work: Work) -> None:
        async with self._sessions.begin() as db:
            await records.succeed(db, work)

    async def _end_badly(self, run: UUID, reason: str) -> None:
        async with self._sessions.begin() as db:
            await records.fail(db, run, reason)

    async def _try_again(self, run: UUID, attempt: int, error: Exception) -> float | None:
        reason = f"Embedding failed {attempt} of {MOST_ATTEMPTS} times: {type(error).__name__}: {error}"
        if attempt >= MOST_ATTEMPTS:
            await self._end_badly(run, reason)
            return None
        async with self._sessions.begin() as db:
            await records.hand_back(db, run, reason)
        return RETRY_SECONDS * attempt
