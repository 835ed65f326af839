"""Prepared statements over psycopg's libpq, without its cursors.

A lone command would spend more time in those, and in the generator that waits for the socket, than its row takes in the
server. What this leaves out is adapting parameters, which are binary already, and nothing else.
"""

import asyncio
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
        self._socket = self._pgconn.socket
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
        self._loop.add_reader(self._socket, self._receive)
        if unsent:
            self._loop.add_writer(self._socket, self._send_the_rest)
        return answer

    def close(self) -> None:
        """Before the connection is closed: nothing looks at its socket any more."""
        if self._answer is not None:
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._answer.cancel()
            self._answer = None

    def _send_the_rest(self) -> None:
        try:
            if self._pgconn.flush() == 0:
                self._loop.remove_writer(self._socket)
        except psycopg.Error as error:
            self._end(error)

    def _receive(self) -> None:
        try:
            self._pgconn.consume_input()
            # To the very last result: an error at COMMIT comes behind the row.
            while not self._pgconn.is_busy():
                result = self._pgconn.get_result()
                if result is None:
                    return self._end(None)
                self._results.append(result)
        except psycopg.Error as error:
            self._end(error)

    def _end(self, error: psycopg.Error | None) -> None:
        answer = self._answer
        if answer is None:
            raise RuntimeError("an answer to nothing")
        self._answer = None
        self._loop.remove_reader(self._socket)
        if error is not None:
            self._loop.remove_writer(self._socket)
        if answer.done():
            return
        for result in self._results:
            if result.status != pq.ExecStatus.TUPLES_OK:
                error = error or psycopg.errors.error_from_result(result)
        if error is not None:
            answer.set_exception(error)
            return
        self._read.set_pgresult(self._results[-1])
        answer.set_result(self._read.load_row(0, tuple))
