import signal
from collections.abc import Iterator

import pytest
import structlog
from playwright.sync_api import Browser

from tests.support.browser import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests: a process cannot drive two through Playwright's synchronous interface."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def own_process() -> Iterator[None]:
    """For tests that run a command inside the tests' process: it sets up logs and SIGTERM as if it were its own."""
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)
    structlog.reset_defaults()
