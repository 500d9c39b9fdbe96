"""The Dockerfile refers only to what exists and ends in an image without root. No docker engine is needed."""

import re
import shlex
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from fnmatch import fnmatch

import pytest

from tests.deploy.compose import REPOSITORY


@dataclass(frozen=True)
class Instruction:
    word: str
    rest: str
    stage: str


def instructions() -> list[Instruction]:
    text = re.sub(r"^\s*#.*\n", "", (REPOSITORY / "Dockerfile").read_text(), flags=re.MULTILINE)
    found, stage = [], ""
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if not line.strip():
            continue
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            stage = rest.rpartition(" AS ")[2]
        found.append(Instruction(word, rest.strip(), stage))
    return found


def of(word: str) -> list[Instruction]:
    return [instruction for instruction in instructions() if instruction.word == word]


def copied() -> list[tuple[str, list[str]]]:
    """For each COPY: the stage it takes from ("" is the build context) and its sources."""
    pairs = []
    for instruction in of("COPY"):
        words = shlex.split(instruction.rest)
        flags = [word for word in words if word.startswith("--")]
        origin = next((flag.removeprefix("--from=") for flag in flags if flag.startswith("--from=")), "")
        pairs.append((origin, [word for word in words if word not in flags][:-1]))
    return pairs


def sent_to_the_builder(path: str) -> bool:
    """Whether .dockerignore lets a path of the context through; its last matching line decides."""
    sent = True
    for line in (REPOSITORY / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!").removeprefix("**/")
        if line and not line.startswith("#") and fnmatch(path, f"{pattern}*"):
            sent = line.startswith("!")
    return sent


def test_everything_that_is_copied_exists_and_reaches_the_builder():
    sources = [source for origin, sources in copied() if not origin for source in sources]
    assert sources
    for source in sources:
        assert (REPOSITORY / source).exists(), source
        assert sent_to_the_builder(source.rstrip("/")), source


def test_nothing_made_or_private_reaches_the_builder():
    for path in (".git", ".venv", ".env", ".maskloop", "tests", "docs", "requirements-dev.lock"):
        assert not sent_to_the_builder(path), path


def test_every_stage_that_is_named_was_built_before():
    stages: list[str] = []
    for instruction in instructions():
        if instruction.word == "FROM":
            stages.append(instruction.stage)
        for origin in re.findall(r"--from=(\S+)", instruction.rest):
            assert origin in stages[:-1], origin
    assert stages == ["frontend", "weights", "build", "runtime"]


def test_base_images_are_arguments_pinned_to_a_patch_version():
    pins = dict(instruction.rest.split("=", 1) for instruction in of("ARG") if not instruction.stage)
    for instruction in of("FROM"):
        name = instruction.rest.partition(" AS ")[0].removeprefix("${").removesuffix("}")
        assert re.match(r"\w+:\d+\.\d+\.\d+-", pins[name])


def test_the_last_stage_is_not_root_and_says_whether_it_is_well():
    words = [instruction.word for instruction in instructions() if instruction.stage == "runtime"]
    user = next(instruction for instruction in of("USER") if instruction.stage == "runtime")
    assert user.rest == "10001:10001"
    assert words.index("USER") > max(index for index, word in enumerate(words) if word in {"RUN", "COPY"})
    assert "/api/health" in of("HEALTHCHECK")[0].rest


def test_what_runs_looks_for_the_weights_where_they_were_pulled_to():
    (pull,) = [step.rest for step in of("RUN") if "models pull" in step.rest]
    folder = re.search(r"MASKLOOP_WEIGHTS_DIR=(\S+)", pull)[1]
    (settings,) = [step.rest for step in of("ENV") if step.stage == "runtime"]
    assert f"MASKLOOP_BUNDLED_WEIGHTS_DIR={folder}" in settings
    assert "MASKLOOP_WEIGHTS_DIR=/var/lib/maskloop/" in settings, "what people pull must survive the container"


def test_nothing_is_installed_in_the_last_stage():
    steps = " ".join(step.rest for step in of("RUN") if step.stage == "runtime")
    assert not re.search(r"\b(pip|npm|apt-get|curl|wget)\b", steps)


def test_packages_are_installed_by_their_hashes_and_torch_by_its_version():
    steps = [step.rest for step in of("RUN") if " install " in step.rest and "pip" in step.rest]
    locked, torch, ourselves = steps
    assert "--require-hashes" in locked
    assert "torch==" in torch
    assert "--no-deps" in ourselves
    assert re.search(r"torch==\d+\.\d+\.\d+", (REPOSITORY / "pyproject.toml").read_text())


def test_no_package_host_is_named():
    text = (REPOSITORY / "Dockerfile").read_text() + (REPOSITORY / "docker-compose.yml").read_text()
    assert not re.search(r"https?://(?!127\.0\.0\.1)", text)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


@pytest.mark.parametrize("package", ["backend/maskloop", "models/sam"])
def test_the_wheel_that_the_image_installs_carries_every_file_not_only_python(wheel, package):
    root = (REPOSITORY / package).parent
    files = [path for path in (REPOSITORY / package).rglob("*") if path.is_file() and path.suffix != ".pyc"]
    missing = {str(path.relative_to(root)) for path in files} - set(wheel.namelist())
    assert not missing
