"""Prepared statements over psycopg's libpq, without its cursors.

A lone command would spend more time in those, and in the generator that waits for the socket, than its row takes in the
server. What this leaves out is adapting parameters, which are binary already, and nothing else.
"""

import asyncio
import os
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer

_BINARY = int(pq.Format.BINARY)


class Wire:
    """Beside psycopg's own calls on the connection, never at the same time as one of them."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        self._pgconn = connection.pgconn
        self._loop = asyncio.get_running_loop()
        self._read = Transformer(connection)
        # Of our own: psycopg, too, has the loop look at its socket, and leaves nobody looking.
        self._socket = os.dup(self._pgconn.socket)
        self._is_watched = False
        self._answer: asyncio.Future[tuple[Any, ...]] | None = None
        self._results: list[pq.abc.PGresult] = []

    def send(self, statement: bytes, parameters: Sequence[bytes | None]) -> "asyncio.Future[tuple[Any, ...]]":
        """The one row with which a prepared statement answers; psycopg.Error as `execute` raises it."""
        answer: asyncio.Future[tuple[Any, ...]] = self._loop.create_future()
        try:
            self._pgconn.send_query_prepared(
                statement, parameters, param_formats=[_BINARY] * len(parameters), result_format=_BINARY
            )
            unsent = self._pgconn.flush()
        except psycopg.Error as error:
            answer.set_exception(error)
            return answer
        self._answer, self._results = answer, []
        if not self._is_watched:
            self._loop.add_reader(self._socket, self._receive)
            self._is_watched = True
        if unsent:
            self._loop.add_writer(self._socket, self._send_the_rest)
        return answer

    def close(self) -> None:
        """Beside the connection's own; what is under way will not be answered."""
        self._look_away()
        self._loop.remove_writer(self._socket)
        os.close(self._socket)
        if self._answer is not None:
            self._answer.cancel()
            self._answer = None

    def _look_away(self) -> None:
        self._loop.remove_reader(self._socket)
        self._is_watched = False

    def _send_the_rest(self) -> None:
        try:
            if self._pgconn.flush() == 0:
                self._loop.remove_writer(self._socket)
        except psycopg.Error as error:
            self._end(error)

    def _receive(self) -> None:
        if self._answer is None:  # psycopg's answer, or the server is going: whoever asks next will hear of it
            self._look_away()
            return
        try:
            self._pgconn.consume_input()
            # To the very last result: an error at COMMIT comes behind the row.
            while not self._pgconn.is_busy():
                result = self._pgconn.get_result()
                if result is None:
                    self._end(None)
                    return
                self._results.append(result)
        except psycopg.Error as error:
            self._end(error)

    def _end(self, error: psycopg.Error | None) -> None:
        answer, self._answer = self._answer, None
        if error is not None:
            self._loop.remove_writer(self._socket)
        if answer is None or answer.done():
            return
        for result in self._results:
            if result.status != pq.ExecStatus.TUPLES_OK:
                error = error or psycopg.errors.error_from_result(result)
        if error is not None:
            answer.set_exception(error)
            return
        self._read.set_pgresult(self._results[-1])
        answer.set_result(self._read.load_row(0, tuple))
