"""The embedded PostgreSQL: it starts, is found again, and comes back whatever was killed."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from alembic import command

from maskloop.bootstrap import running_database
from maskloop.db import Database
from maskloop.embedded import LONGEST_SOCKET_PATH, EmbeddedPostgres
from maskloop.errors import StartupError
from maskloop.migrations import configuration, migrate
from maskloop.settings import Settings


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="maskloop-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def made_server() -> Iterator[EmbeddedPostgres]:
    """In a folder whose name needs care in a shell, a URL and PostgreSQL's own lists."""
    folder = Path(tempfile.mkdtemp(prefix='it\'s 100% "mine", é '))
    server = EmbeddedPostgres(folder / "postgres")
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)
    shutil.rmtree(server.socket_folder)


@pytest.fixture
def server(made_server: EmbeddedPostgres) -> EmbeddedPostgres:
    """Running."""
    made_server.start()
    return made_server


def ask(dsn: str, question: str) -> object:
    async def ask_it() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(ask_it())


def kill(*processes: psutil.Process) -> None:
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=10)


def postmaster(server: EmbeddedPostgres) -> psutil.Process:
    pid = server.pid()
    assert pid
    return psutil.Process(pid)


def test_a_second_start_finds_the_running_server(server: EmbeddedPostgres) -> None:
    pid = server.pid()

    server.start()

    assert server.pid() == pid
    assert ask(server.dsn, "SELECT 1") == 1


def test_it_comes_back_with_its_data_after_all_its_processes_were_killed(server: EmbeddedPostgres) -> None:
    ask(server.dsn, "CREATE TABLE kept AS SELECT 7 AS value")
    main = postmaster(server)
    kill(main, *main.children(recursive=True))

    server.start()

    assert ask(server.dsn, "SELECT value FROM kept") == 7


def test_it_comes_back_while_children_of_the_killed_server_still_live(server: EmbeddedPostgres) -> None:
    kill(postmaster(server))

    server.start()

    assert ask(server.dsn, "SELECT 1") == 1


def test_a_process_that_has_the_dead_servers_number_is_no_obstacle(server: EmbeddedPostgres) -> None:
    lock_file = server.folder / "postmaster.pid"
    lines = lock_file.read_text().splitlines()
    server.stop()
    lock_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))

    server.start()

    assert ask(server.dsn, "SELECT 1") == 1


def test_nobody_else_on_this_machine_gets_in(server: EmbeddedPostgres) -> None:
    assert server.socket_folder.stat().st_mode & 0o077 == 0
    assert ask(server.dsn, "SHOW listen_addresses") == ""


def test_a_path_too_long_for_a_socket_works(folder: Path) -> None:
    long = folder / ("x" * LONGEST_SOCKET_PATH)
    long.mkdir()
    server = EmbeddedPostgres(long / "postgres")

    server.start()

    assert ask(server.dsn, "SELECT 1") == 1
    assert server.socket_folder.stat().st_mode & 0o077 == 0
    server.stop()
    shutil.rmtree(server.socket_folder)


def test_a_folder_that_is_no_database_is_one_clear_line(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("12")

    with pytest.raises(StartupError) as error:
        EmbeddedPostgres(folder / "postgres", patience=0).start()

    assert str(folder) in str(error.value)
    assert "MASKLOOP_DATABASE_URL" in str(error.value)
    assert "\n" not in str(error.value)


def test_the_last_program_that_uses_it_stops_it(folder: Path) -> None:
    settings = Settings(data_dir=folder)
    server = EmbeddedPostgres(folder / "postgres")

    with asyncio.Runner() as runner, running_database(settings) as first:
        assert first.database_url
        connection = runner.run(asyncpg.connect(first.database_url))
        with running_database(settings) as second:
            assert second.database_url == first.database_url
        assert server.pid(), "the first program is still connected"
        runner.run(connection.close())
    assert server.pid() is None


async def test_migrations_make_what_the_mappings_describe(database: Database) -> None:
    async with database.engine.connect() as connection:
        await connection.run_sync(lambda sync: command.check(configuration(sync)))


async def test_servers_that_start_together_migrate_once(database: Database) -> None:
    await asyncio.gather(*(migrate(database) for _ in range(4)))
