"""The compose files hold to the official schema and to what we promise of them. No docker engine is needed."""

import json
import re
from importlib import resources
from typing import Any

import jsonschema
import pytest
import yaml

from tests.deploy.compose import BASE, GPU, RequiredVariableError, load

SECRET = {"MASKLOOP_DB_PASSWORD": "s3cret"}
OURS = ("migrate", "web", "worker")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return load(BASE, environment=SECRET)


@pytest.mark.parametrize("file", [BASE, GPU], ids=lambda file: file.name)
def test_a_file_holds_to_the_compose_specification(file):
    schemas = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "compose-spec.json").read_text())
    jsonschema.validate(yaml.safe_load(file.read_text()), schema)


def test_without_a_password_nothing_starts():
    with pytest.raises(RequiredVariableError, match="MASKLOOP_DB_PASSWORD"):
        load(BASE, environment={})


def test_no_secret_stands_in_the_file():
    assert "password" not in re.sub(r"\$\{MASKLOOP_DB_PASSWORD:\?[^}]*\}|MASKLOOP_DB_PASSWORD|POSTGRES_PASSWORD", "",
                                    BASE.read_text()).lower()  # fmt: skip


def test_the_database_and_its_clients_agree_on_name_user_and_password(compose):
    database = compose["services"]["db"]["environment"]
    user, name = database["POSTGRES_USER"], database["POSTGRES_DB"]
    expected = f"postgresql://{user}:{database['POSTGRES_PASSWORD']}@db/{name}"
    for service in OURS:
        assert compose["services"][service]["environment"]["MASKLOOP_DATABASE_URL"] == expected


def test_only_the_web_service_is_published_and_on_loopback_unless_told_otherwise(compose):
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}
    elsewhere = load(BASE, environment=SECRET | {"MASKLOOP_BIND": "10.0.0.5", "MASKLOOP_PORT": "80"})
    assert elsewhere["services"]["web"]["ports"] == ["10.0.0.5:80:8000"]


def test_web_and_worker_share_their_files_and_keep_them_in_named_volumes(compose):
    for service in ("web", "worker"):
        assert "data:/var/lib/maskloop" in compose["services"][service]["volumes"]
    assert "database:/var/lib/postgresql" in compose["services"]["db"]["volumes"]
    assert set(compose["volumes"]) == {"data", "database"}


def test_the_web_service_leaves_the_work_to_the_workers(compose):
    assert compose["services"]["web"]["environment"]["MASKLOOP_INLINE_WORKER"] == "false"
    assert compose["services"]["web"]["command"] == ["maskloop", "serve", "--host", "0.0.0.0"]  # noqa: S104
    assert compose["services"]["worker"]["command"] == ["maskloop", "worker"]


def test_services_start_in_order_database_migration_application(compose):
    services = compose["services"]
    assert "healthcheck" in services["db"]
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for service in ("web", "worker"):
        assert services[service]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_what_runs_for_long_is_started_again_and_the_migration_is_not(compose):
    restarts = {name: service["restart"] for name, service in compose["services"].items()}
    assert restarts == {"db": "unless-stopped", "migrate": "no", "web": "unless-stopped", "worker": "unless-stopped"}


@pytest.mark.parametrize("service", OURS)
def test_our_containers_have_no_privileges_and_a_read_only_file_system(compose, service):
    settings = compose["services"][service]
    assert settings["read_only"] is True
    assert settings["cap_drop"] == ["ALL"]
    assert settings["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in settings  # the image's own: 10001
    assert "privileged" not in settings


def test_every_image_is_pinned_to_a_version(compose):
    for service in compose["services"].values():
        tag = service["image"].partition(":")[2]
        assert re.match(r"\d+\.\d+", tag), service["image"]


def test_the_gpu_file_gives_the_workers_and_only_them_a_gpu():
    services = load(BASE, GPU, environment=SECRET)["services"]
    device = {"driver": "nvidia", "count": "1", "capabilities": ["gpu"]}
    assert services["worker"]["deploy"] == {"resources": {"reservations": {"devices": [device]}}}
    assert services["worker"]["environment"]["MASKLOOP_DEVICE"] == "cuda"
    assert services["worker"]["environment"]["MASKLOOP_DATABASE_URL"].endswith("@db/maskloop")
    assert "deploy" not in services["web"]
