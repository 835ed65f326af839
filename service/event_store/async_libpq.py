"""Executes prepared statements asynchronously through psycopg's libpq calls, without psycopg's cursors.

For a lone command, the cursor and the generator that waits for the socket would take more time than the server takes
to write its row. Only the adaptation of parameters is left out: they are binary already.
"""

import asyncio
import os
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer

_BINARY = int(pq.Format.BINARY)


class PreparedStatementChannel:
    """Sends prepared statements over a connection, one at a time.

    psycopg's own calls may use the same connection, but never at the same time as this channel.
    """

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        self._pgconn = connection.pgconn
        self._loop = asyncio.get_running_loop()
        self._transformer = Transformer(connection)
        # A duplicate of the socket: psycopg registers its own with the loop and removes that registration afterwards.
        self._socket = os.dup(self._pgconn.socket)
        self._is_watched = False
        self._row: asyncio.Future[tuple[Any, ...]] | None = None
        self._results: list[pq.abc.PGresult] = []

    def send(self, statement: bytes, parameters: Sequence[bytes | None]) -> "asyncio.Future[tuple[Any, ...]]":
        """Send a prepared statement and return the future of the one row with which it answers.

        The future fails with psycopg.Error as `execute` raises it.
        """
        row: asyncio.Future[tuple[Any, ...]] = self._loop.create_future()
        try:
            self._pgconn.send_query_prepared(
                statement, parameters, param_formats=[_BINARY] * len(parameters), result_format=_BINARY
            )
            unsent = self._pgconn.flush()
        except psycopg.Error as error:
            row.set_exception(error)
            return row
        self._row, self._results = row, []
        if not self._is_watched:
            self._loop.add_reader(self._socket, self._receive)
            self._is_watched = True
        if unsent:
            self._loop.add_writer(self._socket, self._flush)
        return row

    def close(self) -> None:
        """Close the channel's socket and cancel the statement in flight; the connection is closed by its owner."""
        self._stop_watching()
        self._loop.remove_writer(self._socket)
        os.close(self._socket)
        if self._row is not None:
            self._row.cancel()
            self._row = None

    def _stop_watching(self) -> None:
        self._loop.remove_reader(self._socket)
        self._is_watched = False

    def _flush(self) -> None:
        try:
            if self._pgconn.flush() == 0:
                self._loop.remove_writer(self._socket)
        except psycopg.Error as error:
            self._resolve(error)

    def _receive(self) -> None:
        if self._row is None:  # input for psycopg, or the server closes: the next statement will report that
            self._stop_watching()
            return
        try:
            self._pgconn.consume_input()
            # All results are read up to the last: an error at COMMIT arrives after the row.
            while not self._pgconn.is_busy():
                result = self._pgconn.get_result()
                if result is None:
                    self._resolve(None)
                    return
                self._results.append(result)
        except psycopg.Error as error:
            self._resolve(error)

    def _resolve(self, error: psycopg.Error | None) -> None:
        row, self._row = self._row, None
        if error is not None:
            self._loop.remove_writer(self._socket)
        if row is None or row.done():
            return
        for result in self._results:
            if result.status != pq.ExecStatus.TUPLES_OK:
                error = error or psycopg.errors.error_from_result(result)
        if error is not None:
            row.set_exception(error)
            return
        self._transformer.set_pgresult(self._results[-1])
        row.set_result(self._transformer.load_row(0, tuple))
