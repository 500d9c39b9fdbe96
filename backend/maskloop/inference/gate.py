"""Who may use the compute device next."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count


class DeviceGate:
    """Lets one computation at a time onto a device; of those that wait, the most urgent first, then the oldest.

    For use on one event loop.
    """

    def __init__(self) -> None:
        self._busy = False
        self._order = count()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def enter(self, priority: int) -> AsyncIterator[None]:
        """Holds the device for the body of the `async with`. Higher `priority` goes first."""
        await self._acquire(priority)
        try:
            yield
        finally:
            self._hand_on()

    async def _acquire(self, priority: int) -> None:
        if not self._busy:
            self._busy = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (-priority, next(self._order), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._hand_on()
            raise

    def _hand_on(self) -> None:
        while self._waiting:
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._busy = False
