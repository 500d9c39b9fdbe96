"""Running one entry of the queue: our record, the work, our record again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from maskloop.errors import DomainError
from maskloop.jobs import records
from maskloop.jobs.engine import Lane, Urgency
from maskloop.jobs.pulling import Pull, PullProgress, PullStoppedError
from maskloop.jobs.queue import PAYLOAD
from maskloop.jobs.records import Attempt, EmbedWork, PullWork, Work

MOST_ATTEMPTS = 3
RETRY_SECONDS = 2.0
WATCH_SECONDS = 0.5
"""How often a pull's progress is stored, and how soon it hears that it must end."""

log = structlog.get_logger(__name__)

Embed = Callable[[EmbedWork, Urgency], Awaitable[None]]
"""Puts the embedding in the store unless it is there.

DomainError: these bytes will never work, and why. Any other error: it may work another time."""

CatchUp = Callable[[AsyncSession], Awaitable[None]]
"""In the session's transaction: gives projects the models that they wait for and that are here by now."""

URGENCY = {urgency.lane: urgency for urgency in Urgency}


@dataclass(frozen=True)
class Doing:
    """What a worker can do."""

    embed: Embed
    pull: Pull
    catch_up: CatchUp


class JobRunner:
    """Handles entries of every lane."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], doing: Doing, stop: asyncio.Event) -> None:
        self._sessions = sessions
        self._doing = doing
        self._stop = stop

    async def __call__(self, lane: Lane, payload: bytes) -> float | None:
        """Runs one entry to its end, or hands it back: seconds until the next try."""
        work = PAYLOAD.validate_json(payload)
        attempt = await self._begin(work)
        if attempt is None:
            return None
        try:
            await self._do(work, lane, attempt)
        except DomainError as error:
            await self._end_badly(attempt, error.detail)
        except PullStoppedError:
            return await self._lay_down(attempt)
        except Exception as error:
            log.exception("a job failed", work=work.dedupe_key, attempt=attempt.number)
            return await self._try_again(work, attempt, error)
        else:
            await self._end_well(work)
        return None

    async def _do(self, work: Work, lane: Lane, attempt: Attempt) -> None:
        match work:
            case EmbedWork():
                await self._doing.embed(work, URGENCY[lane])
            case PullWork():
                await self._pull(work, attempt)

    async def _pull(self, work: PullWork, attempt: Attempt) -> None:
        """Stores how far it is as it goes, and passes the word on when the worker is told to end."""
        progress, told = PullProgress(), ("", 0.0)
        pulling = asyncio.ensure_future(self._doing.pull(work.model, progress))
        while not pulling.done():
            await asyncio.wait({pulling}, timeout=WATCH_SECONDS)
            progress.stopping = self._stop.is_set()
            now = (progress.step, progress.fraction or 0.0)
            if now != told:
                async with self._sessions.begin() as db:
                    await records.advance(db, attempt.run, *now)
                told = now
        await pulling

    async def _begin(self, work: Work) -> Attempt | None:
        async with self._sessions.begin() as db:
            attempt = await records.begin(db, work)
            if attempt is None or attempt.number <= MOST_ATTEMPTS:
                return attempt
            subject = "image" if isinstance(work, EmbedWork) else "model"
            await records.fail(
                db, attempt.run, f"The worker died {MOST_ATTEMPTS} times while it worked on this {subject}."
            )
            return None

    async def _end_well(self, work: Work) -> None:
        async with self._sessions.begin() as db:
            await records.succeed(db, work)
            if isinstance(work, PullWork):
                await self._doing.catch_up(db)

    async def _end_badly(self, attempt: Attempt, reason: str) -> None:
        async with self._sessions.begin() as db:
            await records.fail(db, attempt.run, reason)

    async def _lay_down(self, attempt: Attempt) -> float:
        async with self._sessions.begin() as db:
            await records.lay_down(db, attempt.run)
        return 0

    async def _try_again(self, work: Work, attempt: Attempt, error: Exception) -> float | None:
        what = "Embedding" if isinstance(work, EmbedWork) else "Getting the model"
        reason = f"{what} failed {attempt.number} of {MOST_ATTEMPTS} times: {type(error).__name__}: {error}"
        if attempt.number >= MOST_ATTEMPTS:
            await self._end_badly(attempt, reason)
            return None
        async with self._sessions.begin() as db:
            await records.hand_back(db, attempt.run, reason)
        return RETRY_SECONDS * attempt.number
