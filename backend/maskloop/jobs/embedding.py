"""The job that embeds one image: our record, the work, our record again."""

from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from maskloop.errors import DomainError
from maskloop.jobs import records
from maskloop.jobs.engine import Lane, Urgency
from maskloop.jobs.queue import PAYLOAD
from maskloop.jobs.records import Attempt, Work

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
        work = PAYLOAD.validate_json(payload)
        attempt = await self._begin(work)
        if attempt is None:
            return None
        try:
            await self._embed(work.encoder_digest, work.image_digest, URGENCY[lane])
        except DomainError as error:
            await self._end_badly(attempt, error.detail)
        except Exception as error:
            log.exception("embedding failed", image=work.image_digest, attempt=attempt.number)
            return await self._try_again(attempt, error)
        else:
            async with self._sessions.begin() as db:
                await records.succeed(db, work)
        return None

    async def _begin(self, work: Work) -> Attempt | None:
        async with self._sessions.begin() as db:
            attempt = await records.begin(db, work)
            if attempt is None or attempt.number <= MOST_ATTEMPTS:
                return attempt
            await records.fail(db, attempt.run, f"The worker died {MOST_ATTEMPTS} times while it worked on this image.")
            return None

    async def _end_badly(self, attempt: Attempt, reason: str) -> None:
        async with self._sessions.begin() as db:
            await records.fail(db, attempt.run, reason)

    async def _try_again(self, attempt: Attempt, error: Exception) -> float | None:
        reason = f"Embedding failed {attempt.number} of {MOST_ATTEMPTS} times: {type(error).__name__}: {error}"
        if attempt.number >= MOST_ATTEMPTS:
            await self._end_badly(attempt, reason)
            return None
        async with self._sessions.begin() as db:
            await records.hand_back(db, attempt.run, reason)
        return RETRY_SECONDS * attempt.number
