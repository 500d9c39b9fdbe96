"""Jobs run once if all goes well, again if it does not, and never for ever; people come before prefetches."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from maskloop.db import Database
from maskloop.errors import InvalidError
from maskloop.jobs import running
from maskloop.jobs.engine import Lane, Urgency
from maskloop.jobs.records import EmbedWork
from tests.backend.workers import QUICK, Bench, digest_of, until, working


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "RETRY_SECONDS", 0.01)


class Log:
    """An `Embed` that remembers what it was asked, and does as told."""

    def __init__(self, *outcomes: Exception | None, seconds: float = 0) -> None:
        self.seen: list[tuple[str, Urgency]] = []
        self._outcomes = list(outcomes)
        self._seconds = seconds

    async def __call__(self, work: EmbedWork, urgency: Urgency) -> None:
        self.seen.append((work.image_digest, urgency))
        await asyncio.sleep(self._seconds)
        if self._outcomes and (outcome := self._outcomes.pop(0)):
            raise outcome


async def test_every_image_is_embedded_once(bench):
    ids = await bench.images(20)
    await bench.ask(*ids)
    log = Log()
    async with working(bench.database, log):
        assert await bench.settled() == ["succeeded"] * 20
    assert sorted(log.seen) == sorted((digest_of(f"photo {number}"), Urgency.AHEAD) for number in range(20))
    await until_no_entries(bench)


async def test_the_same_photo_in_two_projects_is_embedded_once_and_ready_in_both(bench):
    ids = [*await bench.images(1, "cat", project="A"), *await bench.images(1, "cat", project="B")]
    await bench.ask(*ids)
    log = Log()
    async with working(bench.database, log):
        assert await bench.settled() == ["succeeded"] * 2
    assert len(log.seen) == 1


async def test_a_waiting_person_overtakes_every_prefetch(bench):
    ids = await bench.images(200)
    await bench.ask(*ids)
    log = Log(seconds=0.02)
    async with working(bench.database, log):
        await until(lambda: len(log.seen) > 4)
        await bench.ask(ids[-1], urgency=Urgency.NOW)
        before = len(log.seen)
        await bench.settled(ids[-1])
    place = log.seen.index((digest_of("photo 199"), Urgency.NOW))
    assert place - before <= 4


async def test_two_workers_share_the_work_without_doing_any_twice(bench):
    ids = await bench.images(60)
    one, other = Log(seconds=0.005), Log(seconds=0.005)
    async with working(bench.database, one), working(bench.database, other):
        await bench.ask(*ids)
        await bench.settled()
    assert one.seen
    assert other.seen
    assert len({*one.seen, *other.seen}) == len(one.seen) + len(other.seen) == 60


async def test_an_image_that_can_never_work_fails_at_once_with_its_reason(bench):
    [image_id] = await bench.images(1)
    await bench.ask(image_id)
    log = Log(InvalidError("It is damaged."))
    async with working(bench.database, log):
        assert await bench.settled() == ["failed"]
    job = await bench.job(image_id)
    assert (job.error, job.attempts, len(log.seen)) == ("It is damaged.", 1, 1)


@pytest.mark.usefixtures("quick_retries")
async def test_a_passing_trouble_is_got_over(bench):
    [image_id] = await bench.images(1)
    await bench.ask(image_id)
    async with working(bench.database, Log(OSError("disk full"), OSError("disk full"))):
        assert await bench.settled() == ["succeeded"]
    job = await bench.job(image_id)
    assert (job.attempts, job.error, job.progress) == (3, None, 1)


@pytest.mark.usefixtures("quick_retries")
async def test_a_lasting_trouble_ends_after_three_attempts(bench):
    [image_id] = await bench.images(1)
    await bench.ask(image_id)
    log = Log(*[OSError("disk full")] * 9)
    async with working(bench.database, log):
        assert await bench.settled() == ["failed"]
    job = await bench.job(image_id)
    assert job.error == "Embedding failed 3 of 3 times: OSError: disk full"
    assert len(log.seen) == 3


async def test_an_image_that_kills_its_workers_is_given_up(bench):
    [image_id] = await bench.images(1)
    await bench.ask(image_id)
    async with bench.database.sessions.begin() as db:
        await db.execute(text("UPDATE job SET attempts = 3, state = 'running'"))
    log = Log()
    async with working(bench.database, log):
        assert await bench.settled() == ["failed"]
    assert (await bench.job(image_id)).error == "The worker died 3 times while it worked on this image."
    assert log.seen == []


async def test_the_job_of_a_deleted_image_ends_quietly(bench):
    [image_id] = await bench.images(1)
    await bench.ask(image_id)
    async with bench.database.sessions.begin() as db:
        await db.execute(text("DELETE FROM image"))
    log = Log()
    async with working(bench.database, log):
        await until_no_entries(bench)
    assert log.seen == []


async def test_a_stopped_worker_finishes_what_it_began_and_leaves_the_rest(bench):
    ids = await bench.images(10)
    await bench.ask(*ids)
    log = Log(seconds=0.2)
    async with working(bench.database, log):
        await until(lambda: bool(log.seen))
    states = [job.state for job in await bench.jobs()]
    assert states.count("succeeded") == len(log.seen) < 10
    assert set(states) == {"succeeded", "queued"}
    assert len(await bench.entries()) == 10 - len(log.seen)


async def test_a_worker_survives_the_loss_of_its_connections(bench):
    ids = await bench.images(2)
    async with working(bench.database, Log()):
        await bench.ask(ids[0])
        await bench.settled(ids[0])
        await cut_off_lanes(bench)
        await bench.ask(ids[1])
        assert await bench.settled() == ["succeeded"] * 2


async def test_the_job_of_a_killed_worker_is_taken_over(bench, dsn):
    await bench.ask(*await bench.images(1))
    with stuck_worker(dsn, heartbeat=30) as process:
        started = time.monotonic()
        async with working(bench.database, Log()):
            process.kill()
            process.wait()
            assert await bench.settled() == ["succeeded"]
        assert time.monotonic() - started < 10, "its database session is gone: no need to wait for the heartbeat"
    assert [job.attempts for job in await bench.jobs()] == [2]


async def test_the_job_of_a_frozen_worker_is_taken_over_when_its_heartbeat_is_overdue(bench, dsn):
    await bench.ask(*await bench.images(1))
    timing = replace(QUICK, heartbeat=timedelta(seconds=1))
    with stuck_worker(dsn, heartbeat=1) as process:
        async with working(bench.database, Log(), timing):
            await asyncio.sleep(2.5)
            assert [job.state for job in await bench.jobs()] == ["running"], "it lives: its heartbeat says so"
            process.send_signal(signal.SIGSTOP)
            assert await bench.settled() == ["succeeded"]


@contextmanager
def stuck_worker(dsn: str, heartbeat: float) -> Iterator[subprocess.Popen[str]]:
    """A worker process that has begun a job and will never end it."""
    arguments = [sys.executable, "-m", "tests.backend.stuck_worker", dsn, str(heartbeat)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == f"{digest_of('photo 0')}\n"
            yield process
        finally:
            process.kill()


async def cut_off_lanes(bench: Bench) -> None:
    async with bench.database.sessions() as db:
        cut = await db.scalars(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'maskloop lane%'")
        )
        assert list(cut) == [True] * len(Lane)


async def until_no_entries(bench: Bench) -> None:
    async def none_left() -> bool:
        return await bench.entries() == []

    await until(none_left)
