"""Answers requests: the address, and a server that ends when it is told to and with what it has begun answered."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from service.api import create_app
from service.api.metrics import Metrics
from service.commands.office import Office
from service.projector.runner import Follower
from service.security.keys import Keys

LAST_ANSWERS = 10
"""Seconds that answers under way are given when the service ends."""


class AddressUnusable(Exception):
    """The host and port cannot be listened on; the message says why and what to do."""


@contextmanager
def address(host: str, port: int) -> Iterator[socket.socket]:
    """A socket with the address taken and not yet listened on; AddressUnusable when somebody else has it."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressUnusable(f"{host} is no address of this machine ({error.strerror})") from None
    with contextlib.closing(taken):
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(place)
        except OSError as error:
            raise AddressUnusable(_why_not(error, host, port)) from None
        yield taken


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} of {host} is taken by another program: end that, or choose another with KIENNGHI_PORT"
        case errno.EACCES:
            return f"this account may not listen on port {port}: choose one above 1023 with KIENNGHI_PORT"
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine: see KIENNGHI_HOST"
        case _:
            return f"{host}, port {port} cannot be listened on ({error.strerror})"


def url_of(taken: socket.socket) -> str:
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def answer_requests(
    office: Office, views: Follower, keys: Keys, taken: socket.socket, metrics: Metrics, *, ready: Callable[[], None]
) -> None:
    """Serves until SIGINT or SIGTERM, then gives the answers under way and returns; a second SIGINT waits for none.

    `ready` is called once requests are taken. `app.state.leaving` is set at the first signal, for answers that
    would never end by themselves.
    """
    app = create_app(office, views, token_key=keys.token, metrics=metrics)
    app.state.leaving = asyncio.Event()
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # the edge logs requests, without paths
        lifespan="off",
        ws="none",
        proxy_headers=False,  # nothing here asks where a request came from
        server_header=False,
        timeout_graceful_shutdown=LAST_ANSWERS,
    )
    try:
        await _Server(config, app.state.leaving, ready).serve(sockets=[taken])
    except OSError as error:  # two that start at once both have the address until the first one listens
        raise AddressUnusable(_why_not(error, *taken.getsockname()[:2])) from None


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, leaving: asyncio.Event, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._leaving = leaving
        self._ready = ready
        self._loop = asyncio.get_running_loop()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the base class's signature
        # The base class would raise the signal again once it has served: the process would die of it with the
        # database still to be left. To be asked to end is no failure.
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._leaving.set)
