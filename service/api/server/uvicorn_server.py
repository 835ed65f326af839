"""Listens on an address and serves requests until a signal. Requests that have begun are still answered."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import structlog
import uvicorn

from service.api.metrics import Metrics
from service.api.server.app import create_app
from service.api.server.request_bound import RequestBound
from service.commands.office import ApplicationService
from service.projector.runner import ProjectionRunner
from service.security.keys import ServiceKeys

SHUTDOWN_TIMEOUT_SECONDS = 10
"""Seconds for which the service waits for answers in progress when it ends."""

LONGEST_BACKLOG = 4096
"""Number of connections that may wait until they are accepted: the most that Linux allows by itself. One that finds no
place is tried again by its client after 1, 3, 7 and 15 seconds, so it is better told at once to come again."""


ACCEPTED_A_TURN = 64
"""Most connections that are accepted in one turn of the event loop. uvloop itself accepts one, which is a few dozen a
second while turns are long, so the server accepts by itself. Many more would starve those who were let in."""

ACCEPT_AGAIN_SECONDS = 1.0
"""Pause after the system refused to accept, as it does when the process has too many files open."""

log = structlog.get_logger("kiennghi.http")


class AddressUnusable(Exception):
    """Is raised when the service cannot listen on the host and port; the message says why and what to do."""


@contextmanager
def bind_socket(host: str, port: int) -> Iterator[socket.socket]:
    """Yield a socket that is bound to the address and does not listen yet. Raise AddressUnusable when that fails."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressUnusable(f"{host} is no address of this machine ({error.strerror})") from None
    with contextlib.closing(bound):
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(address)
        except OSError as error:
            raise AddressUnusable(_bind_failure_message(error, host, port)) from None
        yield bound


def _bind_failure_message(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} of {host} is taken by another program: end that, or choose another with KIENNGHI_PORT"
        case errno.EACCES:
            return f"this account may not listen on port {port}: choose one above 1023 with KIENNGHI_PORT"
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine: see KIENNGHI_HOST"
        case _:
            return f"{host}, port {port} cannot be listened on ({error.strerror})"


def socket_url(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve_requests(
    office: ApplicationService,
    views: ProjectionRunner,
    keys: ServiceKeys,
    bound: socket.socket,
    metrics: Metrics,
    *,
    ready: Callable[[], None],
) -> None:
    """Serve until SIGINT or SIGTERM, then finish the answers in progress and return; a second signal waits for none.

    `ready` is called once requests are accepted. `app.state.leaving` is set at the first signal, for answers that
    would never end by themselves.
    """
    app = create_app(office, views, token_key=keys.token, metrics=metrics)
    app.state.leaving = asyncio.Event()
    bound_of_requests = RequestBound(metrics, app.state.admission)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # the middleware logs requests, without paths
        http=bound_of_requests.connection_class,
        lifespan="off",
        ws="none",
        proxy_headers=False,  # nothing here uses the address of the client
        server_header=False,
        backlog=LONGEST_BACKLOG,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT_SECONDS,
    )
    try:
        await _GracefulServer(config, bound_of_requests, bound, app.state.leaving, ready).serve(sockets=[bound])
    except (
        OSError
    ) as error:  # of two processes that start at once, both can bind the address until the first one listens
        raise AddressUnusable(_bind_failure_message(error, *bound.getsockname()[:2])) from None


class _GracefulServer(uvicorn.Server):
    """Accepts connections, reports when it is ready, and sets `leaving` at the first signal."""

    def __init__(
        self,
        config: uvicorn.Config,
        requests: RequestBound,
        listening: socket.socket,
        leaving: asyncio.Event,
        ready: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._requests, self._listening = requests, listening
        self._leaving = leaving
        self._ready = ready
        self._loop = asyncio.get_running_loop()
        self._being_made = set[asyncio.Task[object]]()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - the base class's
        await super().startup([])
        self._listening.setblocking(False)
        self._listening.listen(LONGEST_BACKLOG)
        self._loop.add_reader(self._listening, self._accept)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop.remove_reader(self._listening)
        await super().shutdown(sockets)

    def _accept(self) -> None:
        """Accept what waits, and turn away at once whoever cannot be let in."""
        for _ in range(ACCEPTED_A_TURN):
            try:
                accepted, _address = self._listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                log.error("accept_failed", error=error.strerror)
                self._loop.remove_reader(self._listening)
                self._loop.call_later(ACCEPT_AGAIN_SECONDS, self._accept_again)
                return
            accepted.setblocking(False)
            if self._requests.turns_away_at_once(accepted, self.server_state):
                continue
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = self._loop.create_task(self._loop.connect_accepted_socket(self._protocol, accepted))
            self._being_made.add(task)
            task.add_done_callback(self._being_made.discard)

    def _accept_again(self) -> None:
        if not self.should_exit:
            self._loop.add_reader(self._listening, self._accept)

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]  # the arguments are uvicorn's
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state, _loop=self._loop
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the base class's signature
        # The base class would raise the signal again after serving: it would kill the process before the database is
        # closed. A signal to end is no failure.
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._leaving.set)
