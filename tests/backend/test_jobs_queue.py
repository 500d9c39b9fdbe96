"""What is asked for is queued with the caller's transaction, once, and can only become more urgent."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from maskloop.db import Database
from maskloop.jobs import queue, records
from maskloop.jobs.engine import Urgency
from maskloop.jobs.queue import enqueue_embeddings
from maskloop.jobs.records import EmbedWork
from tests.backend.workers import ENCODER, Bench, digest_of


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


async def fail(bench: Bench, image_name: str, reason: str = "It is damaged.") -> None:
    """The job of the image runs and fails, and the engine forgets its entry."""
    work = EmbedWork(ENCODER, digest_of(image_name))
    async with bench.database.sessions.begin() as db:
        attempt = await records.begin(db, work)
        assert attempt
        await records.fail(db, attempt.run, reason)
        await db.execute(text("DELETE FROM pgqueuer.pgqueuer"))


async def test_a_rolled_back_transaction_leaves_nothing_behind(bench):
    [image_id] = await bench.images(1)
    async with bench.database.sessions() as db:
        await enqueue_embeddings(db, [image_id], encoder_digest=ENCODER, urgency=Urgency.AHEAD)
        await db.rollback()
    assert await bench.jobs() == []
    assert await bench.entries() == []


async def test_row_and_entry_appear_together_with_the_commit(bench):
    [image_id] = await bench.images(1)
    async with bench.database.sessions() as db:
        await enqueue_embeddings(db, [image_id], encoder_digest=ENCODER, urgency=Urgency.AHEAD)
        assert (await bench.jobs(), await bench.entries()) == ([], [])
        await db.commit()
    assert [job.state for job in await bench.jobs()] == ["queued"]
    assert await bench.entries() == [("embed_bulk", 0, "queued")]


async def test_asking_again_changes_nothing(bench):
    [image_id] = await bench.images(1)
    for _ in range(3):
        await bench.ask(image_id)
    assert len(await bench.jobs()) == 1
    assert await bench.entries() == [("embed_bulk", 0, "queued")]


async def test_many_who_ask_at_the_same_time_make_one_entry(bench):
    ids = await bench.images(5)
    await asyncio.gather(*(bench.ask(*ids, urgency=urgency) for urgency in list(Urgency) * 10))
    assert await bench.entries() == [("embed_fast", 10, "queued")] * 5


async def test_a_waiting_person_lifts_a_prefetch(bench):
    first, second = await bench.images(2)
    await bench.ask(first, second)
    await bench.ask(second, urgency=Urgency.NOW)
    assert await bench.entries() == [("embed_bulk", 0, "queued"), ("embed_fast", 10, "queued")]
    assert (await bench.job(second)).priority == 10


async def test_a_prefetch_never_lowers_what_a_person_waits_for(bench):
    [image_id] = await bench.images(1)
    await bench.ask(image_id, urgency=Urgency.NOW)
    await bench.ask(image_id)
    assert await bench.entries() == [("embed_fast", 10, "queued")]
    assert (await bench.job(image_id)).priority == 10


async def test_the_same_photo_in_two_projects_is_queued_once(bench):
    [one] = await bench.images(1, "cat", project="A")
    [other] = await bench.images(1, "cat", project="B")
    await bench.ask(one)
    await bench.ask(other)
    assert len(await bench.jobs()) == 2
    assert len(await bench.entries()) == 1


async def test_images_are_queued_in_the_order_of_their_upload(bench):
    ids = await bench.images(20)
    await bench.ask(*reversed(ids))
    async with bench.database.sessions() as db:
        payloads = await db.scalars(text("SELECT convert_from(payload, 'UTF8') FROM pgqueuer.pgqueuer ORDER BY id"))
        assert [digest_of(f"photo {number}") in payload for number, payload in enumerate(payloads)] == [True] * 20


@pytest.mark.parametrize(
    ("urgency", "retry_failed", "state"),
    [(Urgency.AHEAD, False, "failed"), (Urgency.NOW, False, "failed"), (Urgency.NOW, True, "queued")],
    ids=["ahead", "still waiting", "opened again"],
)
async def test_what_failed_is_tried_again_only_when_somebody_opens_it(bench, urgency, retry_failed, state):
    [image_id] = await bench.images(1)
    await bench.ask(image_id)
    await fail(bench, "photo 0")
    await bench.ask(image_id, urgency=urgency, retry_failed=retry_failed)
    job = await bench.job(image_id)
    assert job.state == state
    assert (job.attempts, job.error) == ((1, "It is damaged.") if state == "failed" else (0, None))
    assert len(await bench.entries()) == (state == "queued")


async def test_images_that_were_never_asked_for_are_queued_by_the_sweep(bench):
    ids = await bench.images(3)
    await bench.ask(ids[0])
    await fail(bench, "photo 0")
    async with bench.database.sessions.begin() as db:
        await queue.enqueue_missing(db, {None: ENCODER})
    assert [job.state for job in await bench.jobs()] == ["failed", "queued", "queued"]


async def test_a_sweep_queues_so_many_and_the_next_one_the_others(bench, monkeypatch):
    monkeypatch.setattr(queue, "MOST_AT_ONCE", 2)
    await bench.images(3)
    for expected in (2, 3, 3):
        async with bench.database.sessions.begin() as db:
            await queue.enqueue_missing(db, {None: ENCODER})
        assert len(await bench.entries()) == expected


async def test_work_that_the_engine_lost_is_put_back(bench):
    held, lost = await bench.images(2)
    await bench.ask(held, lost)
    async with bench.database.sessions.begin() as db:
        await db.execute(text("DELETE FROM pgqueuer.pgqueuer WHERE dedupe_key LIKE '%:' || :digest"),
                         {"digest": digest_of("photo 1")})  # fmt: skip
    assert len(await bench.entries()) == 1
    async with bench.database.sessions.begin() as db:
        await queue.restore_lost(db, timedelta(0))
    assert len(await bench.entries()) == 2


async def test_work_asked_for_a_moment_ago_is_not_taken_for_lost(bench):
    [image_id] = await bench.images(1)
    await bench.ask(image_id)
    async with bench.database.sessions.begin() as db:
        await db.execute(text("DELETE FROM pgqueuer.pgqueuer"))
        await queue.restore_lost(db, timedelta(minutes=1))
    assert await bench.entries() == []


async def test_a_run_that_was_taken_over_cannot_fail_its_successor(bench):
    [image_id] = await bench.images(1)
    await bench.ask(image_id)
    work = EmbedWork(ENCODER, digest_of("photo 0"))
    async with bench.database.sessions.begin() as db:
        dead, successor = await records.begin(db, work), await records.begin(db, work)
        assert dead
        assert successor
        await records.fail(db, dead.run, "too late")
    job = await bench.job(image_id)
    assert (job.state, job.attempts, job.run) == ("running", 2, successor.run)


async def test_nothing_begins_for_an_image_that_was_deleted(bench):
    [image_id] = await bench.images(1)
    await bench.ask(image_id)
    async with bench.database.sessions.begin() as db:
        await db.execute(text("DELETE FROM image WHERE id = :id"), {"id": image_id})
        assert await records.begin(db, EmbedWork(ENCODER, digest_of("photo 0"))) is None
