"""What holds for every request: when it is committed, what its answer says, who may ask."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text
from starlette.types import Message

from maskloop.db import Database, Db
from maskloop.errors import LastResort, install_error_handlers
from maskloop.main import create_app
from maskloop.security import HEADERS, MOST_BODY_BYTES, Guard
from maskloop.settings import Settings
from maskloop.tables import Project
from tests.backend.factories import Api, problem


def client_of(app: Any, base_url: str = "http://localhost") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=base_url)


@pytest.fixture
def site(application: FastAPI, database: Database) -> httpx.AsyncClient:
    """The application at its root, where the browser is."""
    return client_of(application)


async def test_what_a_client_is_told_is_committed_before_the_first_byte_of_the_answer(
    application: FastAPI, database: Database
) -> None:
    seen: list[int | None] = []

    async def spying(scope: Any, receive: Any, send: Any) -> None:
        async def spy(message: Message) -> None:
            if message["type"] == "http.response.start":
                async with database.sessions() as other:
                    seen.append(await other.scalar(select(func.count(Project.id))))
            await send(message)

        await application(scope, receive, spy)

    response = await client_of(spying).post("/api/projects", json={"name": "Pets"})

    assert response.status_code == 201
    assert seen == [1]


async def test_a_request_that_fails_leaves_nothing(database: Database) -> None:
    app = FastAPI()
    app.state.database = database
    app.add_middleware(LastResort)
    install_error_handlers(app)

    @app.post("/fail")
    async def fail(db: Db) -> None:
        db.add(Project(name="half"))
        await db.flush()
        raise RuntimeError("a bug")

    response = await client_of(app).post("/fail")

    problem(response, 500, "internal_error")
    assert "a bug" not in response.text
    async with database.sessions() as db:
        assert await db.scalar(select(func.count(Project.id))) == 0


async def test_without_a_database_requests_say_so_and_when_to_come_back(settings: Settings) -> None:
    app = create_app(settings)
    app.state.database = Database.open("postgresql://nobody@127.0.0.1:1/none")

    response = await client_of(app).get("/api/health")

    problem(response, 503, "database_unavailable")
    assert response.headers["retry-after"] == "2"


async def test_a_database_that_goes_away_under_a_request_is_no_bug_and_the_next_one_works(database: Database) -> None:
    app = FastAPI()
    app.state.database = database
    app.add_middleware(LastResort)
    install_error_handlers(app)

    @app.post("/lose")
    async def lose(db: Db) -> None:
        pid = await db.scalar(text("SELECT pg_backend_pid()"))
        async with database.sessions() as other:
            await other.execute(text(f"SELECT pg_terminate_backend({pid}, 5000)"))
        await db.execute(text("SELECT 1"))

    @app.get("/work")
    async def work(db: Db) -> int | None:
        return await db.scalar(text("SELECT 7"))

    problem(await client_of(app).post("/lose"), 503, "database_unavailable")
    assert (await client_of(app).get("/work")).json() == 7


async def test_health_says_that_the_database_answers(site: httpx.AsyncClient) -> None:
    assert (await site.get("/api/health")).json() == {"status": "ok", "version": "0.1.0"}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/health"), ("GET", "/api/nothing"), ("GET", "/"), ("POST", "/api/projects"), ("GET", "/x/../..")],
)
async def test_every_answer_isolates_the_page(site: httpx.AsyncClient, method: str, path: str) -> None:
    response = await site.request(method, path)

    assert {name: response.headers[name] for name in HEADERS} == HEADERS


async def test_even_the_answer_to_a_bug_isolates_the_page(settings: Settings) -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("a bug")

    response = await client_of(Guard(LastResort(broken), settings.trusted_hosts)).get("/")

    assert {name: response.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/api", "/api/nothing", "/api/projects/1/nothing"])
async def test_an_address_of_the_api_that_is_not_there_is_a_problem_document(
    site: httpx.AsyncClient, path: str
) -> None:
    problem(await site.get(path, headers={"Accept": "text/html"}), 404, "not_found")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000", "maskloop.example:443"]
)
async def test_hosts_of_ours_are_answered(settings: Settings, host: str) -> None:
    app = create_app(settings.model_copy(update={"allowed_hosts": ("maskloop.example",)}))

    assert (await client_of(app).get("/", headers={"Host": host})).status_code == 503  # the page is not built


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "[::1", "127.0.0.1.evil.example:8000"])
async def test_other_hosts_are_refused(site: httpx.AsyncClient, host: str) -> None:
    document = problem(await site.get("/api/health", headers={"Host": host}), 400, "untrusted_host")

    assert "MASKLOOP_ALLOWED_HOSTS" in document["detail"]


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]
OWN = [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost:8000"}]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_changes_that_other_sites_ask_for_are_refused(site: httpx.AsyncClient, headers: dict[str, str]) -> None:
    problem(await site.post("/api/projects", json={"name": "x"}, headers=headers), 403, "cross_site")
    assert (await site.get("/api/projects", headers=headers)).json() == []


@pytest.mark.parametrize("headers", OWN)
async def test_changes_that_our_page_or_a_program_asks_for_are_made(
    site: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await site.post("/api/projects", json={"name": "x"}, headers=headers)).status_code == 201


@pytest.fixture
def built(settings: Settings, tmp_path: Path) -> httpx.AsyncClient:
    """The application with a built front end."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>Maskloop</title>")
    (tmp_path / "assets" / "main-abc123.js").write_text("let plain")
    (tmp_path / "assets" / "main-abc123.js.br").write_bytes(b"compressed")
    (tmp_path / "assets" / "ort-abc123.wasm").write_bytes(b"\0asm")
    (tmp_path / "assets" / "ort-abc123.mjs").write_text("export {}")
    (tmp_path.parent / "secret.txt").write_text("secret")
    return client_of(create_app(settings.model_copy(update={"frontend_dir": tmp_path})))


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_larger_than_any_mask_is_refused_however_it_comes(
    site: httpx.AsyncClient, *, announced: bool
) -> None:
    piece = b"[" * 2**20

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(MOST_BODY_BYTES // len(piece) + 1):
            yield piece

    body: Any = piece * (MOST_BODY_BYTES // len(piece) + 1) if announced else pieces()
    response = await site.post("/api/projects", content=body, headers={"Content-Type": "application/json"})
    assert "16 MiB" in problem(response, 413, "too_large")["detail"]


@pytest.mark.parametrize("path", ["/", "/projects/7", "/projects/7/images/12", "/index.html"])
async def test_every_address_of_the_application_is_its_page(built: httpx.AsyncClient, path: str) -> None:
    response = await built.get(path, headers={"Accept": "text/html,*/*"})

    assert (response.status_code, response.text) == (200, "<title>Maskloop</title>")
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["content-type"].startswith("text/html")


async def test_a_file_that_is_not_there_is_not_the_page(built: httpx.AsyncClient) -> None:
    problem(await built.get("/assets/gone-123.js", headers={"Accept": "*/*"}), 404, "not_found")


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt"]
)
async def test_nothing_outside_the_folder_is_served(built: httpx.AsyncClient, path: str) -> None:
    assert "secret" not in (await built.get(path)).text.replace("secret.txt", "")


async def test_hashed_files_are_kept_for_ever_and_come_compressed(built: httpx.AsyncClient) -> None:
    small = await built.get("/assets/main-abc123.js", headers={"Accept-Encoding": "identity"})
    [*_, raw] = [chunk async for chunk in await _raw(built, "/assets/main-abc123.js", "gzip, br")]

    assert small.text == "let plain"
    assert raw == b"compressed"
    assert "immutable" in small.headers["cache-control"]
    assert small.headers["vary"] == "Accept-Encoding"


async def _raw(client: httpx.AsyncClient, path: str, accepted: str) -> AsyncIterator[bytes]:
    request = client.build_request("GET", path, headers={"Accept-Encoding": accepted})
    response = await client.send(request, stream=True)
    assert response.headers["content-encoding"] == "br"
    assert response.headers["content-type"].startswith("text/javascript")
    return response.aiter_raw()


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("ort-abc123.wasm", "application/wasm"), ("ort-abc123.mjs", "text/javascript; charset=utf-8")],
)
async def test_modules_and_webassembly_have_the_types_that_browsers_insist_on(
    built: httpx.AsyncClient, name: str, media_type: str
) -> None:
    assert (await built.get(f"/assets/{name}")).headers["content-type"] == media_type


async def test_an_unchanged_page_is_not_sent_again(built: httpx.AsyncClient) -> None:
    page = await built.get("/", headers={"Accept": "text/html"})

    again = await built.get("/", headers={"Accept": "text/html", "If-None-Match": page.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_without_a_built_page_people_are_told_what_to_do(site: httpx.AsyncClient) -> None:
    response = await site.get("/", headers={"Accept": "text/html"})

    assert response.status_code == 503
    assert "make setup" in response.text


async def test_the_description_of_the_api_is_complete(api: Api, application: FastAPI) -> None:
    document = await api.read("/openapi.json")

    operations = [operation for path in document["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert {"list_projects", "upload_images", "create_annotation", "export_coco"} <= set(names)
    known_tags = {tag["name"] for tag in document["tags"]}
    for operation in operations:
        assert operation["summary"], operation["operationId"]
        assert set(operation["tags"]) <= known_tags
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], operation["operationId"]
    assert {"Problem", "Fault"} <= set(document["components"]["schemas"])
    assert "HTTPValidationError" not in document["components"]["schemas"]
