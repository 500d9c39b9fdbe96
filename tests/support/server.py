"""Maskloop as its own process tree, the way a person runs it, for the browser tests and the benchmarks."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil

REPOSITORY = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """`maskloop serve` on a data folder of its own; `kill` and `start` may alternate, the port stays."""

    data_dir: Path
    port: int = field(default_factory=free_port)
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    program: tuple[str, ...] = (str(Path(sys.executable).with_name("maskloop")),)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_path(self) -> Path:
        return self.data_dir.parent / f"{self.data_dir.name}.log"

    def start(self, timeout: float = 60) -> None:
        environment = os.environ | {"MASKLOOP_DATA_DIR": str(self.data_dir), "MASKLOOP_PORT": str(self.port)}
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [*self.program, "serve", *self.arguments],
                cwd=REPOSITORY,
                env=environment | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._await_health(time.monotonic() + timeout)

    def _await_health(self, deadline: float) -> None:
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"the server ended while starting:\n{self.log_path.read_text()[-4000:]}")
            try:
                if httpx.get(f"{self.url}/api/health", timeout=2).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError(f"the server did not answer in time:\n{self.log_path.read_text()[-4000:]}")

    def kill(self) -> None:
        """SIGKILL to the application and to every process of its embedded database, all at once."""
        victims = [process for process in self._database_processes() if process.is_running()]
        if self._process is not None and self._process.poll() is None:
            victims.append(psutil.Process(self._process.pid))
            victims += victims[-1].children(recursive=True)
        for process in set(victims):
            try:
                process.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        if self._process is not None:
            self._process.wait()
        psutil.wait_procs(set(victims), timeout=10)

    def stop(self, timeout: float = 30) -> int:
        """SIGTERM, as an operator stops it; returns the exit code."""
        if self._process is None:
            raise RuntimeError("the server was not started")
        self._process.terminate()
        return self._process.wait(timeout)

    def _database_processes(self) -> list[psutil.Process]:
        pid_file = next(self.data_dir.rglob("postmaster.pid"), None)
        if pid_file is None:
            return []
        try:
            postmaster = psutil.Process(int(pid_file.read_text().splitlines()[0]))
            return [postmaster, *postmaster.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
