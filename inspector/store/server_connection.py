"""A connection to a PostgreSQL server that is given up where the server answers nobody any more."""

import time
from collections.abc import Generator
from typing import Any, TypeVar

from psycopg import Connection, Error, OperationalError
from psycopg.conninfo import make_conninfo
from psycopg.errors import ConnectionTimeout
from psycopg.pq import PGconn, Ping

HUNG = 5.0
"""Seconds without a word on a connection after which is asked whether the server answers others."""

Answer = TypeVar("Answer")


class ServerConnection(Connection[Any]):
    """A connection that waits for as long as the server lives.

    An answer may take long: others write, or much is asked for. But a server whose programs stand still, or whose disk
    does not answer, keeps its connections open and never speaks: without a limit, whoever asked would wait for ever.
    """

    def wait(self, gen: Generator[Any, Any, Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """Wait for what `gen` asks of the server.

        Args:
            gen: of psycopg.
            interval: seconds between two looks whether to go on waiting.
            timeout: seconds to wait at most, known to psycopg from 3.3 on; None = any time.

        Raises:
            OperationalError: the server answers nobody; the connection is closed then.
        """
        limits = (interval,) if timeout is None else (interval, timeout)
        return super().wait(self._ask_meanwhile(gen), *limits)

    def _ask_meanwhile(self, gen: Generator[Any, Any, Answer]) -> Generator[Any, Any, Answer]:
        """Go through what `gen` waits for, and ask every `HUNG` seconds without a word whether the server answers."""
        heard = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and time.monotonic() - heard > HUNG and not self._answers_others():
                    self.pgconn.finish()
                    raise OperationalError(f"the server has not answered for {time.monotonic() - heard:.0f} s")
                if ready or time.monotonic() - heard > HUNG:
                    heard = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as end:
            answer: Answer = end.value
            return answer

    def _answers_others(self) -> bool:
        """Tell whether the server lets in somebody else as it let in this connection, or says that it does not.

        One that has no room for another connection, or is about to end, goes on with those that it has.
        """
        asked = make_conninfo(**self.info.get_parameters())
        try:
            Connection.connect(asked).close()
        except ConnectionTimeout:
            return False
        except Error:
            return PGconn.ping(asked.encode()) in (Ping.OK, Ping.REJECT)
        return True
