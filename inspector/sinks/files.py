"""`file:FOLDER`: one JSON file per part, for a program that looks into a folder."""

from inspector.files import sync_folder
from inspector.sinks.address import read_folder
from inspector.sinks.journal import Journal, write_through
from inspector.sinks.result import PartResult
from inspector.sinks.sink import Sink, SinkError


class FileSink(Sink):
    """Writes `FOLDER/<id>.json`, whole or not at all, and once: what its reader took away does not come again."""

    def __init__(self, address: str) -> None:
        """Write to the folder of `file:FOLDER`."""
        super().__init__(address)
        self.folder = read_folder(address)
        self._journal = Journal(self.folder / ".begun.json")

    def take(self, result: PartResult) -> None:
        """Write the file; raises as `Sink.take`."""
        assert self.folder is not None
        hidden = self.folder / f".{result.id}.json"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self._journal.read().get("id") == result.id and not hidden.exists():
                return
            write_through(hidden, f"{result.to_json()}\n".encode())
            self._journal.note(id=result.id)
            hidden.replace(self.folder / f"{result.id}.json")
            sync_folder(self.folder)
        except OSError as error:
            raise SinkError(f"{self.folder} cannot be written: {error.strerror or error}") from error
