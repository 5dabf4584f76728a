"""Where photos may come from: folders below the allowed ones, and uploads, which are kept in the workspace."""

import errno
import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from inspector.data.clouds.cloud import CLOUD_SUFFIXES
from inspector.data.photos import IMAGE_SUFFIXES
from inspector.errors import SettingsError, StoreError
from inspector.files import fold_name, is_device
from inspector.places import is_folder
from inspector.server.errors import FULL_DISK, Refusal
from inspector.storage import NO_ROOM

FOLDER = "uploads"
"""In the workspace."""

LEAST_FREE = 1_000_000_000
"""Bytes of the disk that uploads leave free."""

LONGEST_NAME = 55
"""Signs of a kept file's name, without suffix."""


class Folders:
    """The folders of one server."""

    def __init__(self, workspace: str | Path, roots: Iterable[str | Path] = ()) -> None:
        """Read below `roots`, and below the uploads of a workspace.

        Raises:
            SettingsError: a root is no folder.
        """
        self.uploads = Path(workspace).resolve() / FOLDER
        self.roots = [Path(root).resolve() for root in roots]
        for root in self.roots:
            if not is_folder(root):
                raise SettingsError(f"{root} is no folder; name one that is there with --root")

    def find(self, given: str) -> Path:
        """Return the folder that is meant, with all links followed.

        Raises:
            Refusal: it is no folder below the allowed ones, or a link in it leads out of them.
        """
        why = "is no folder below those that the server may read; name one below a --root, by its whole path"
        try:
            path = Path(given)
            found = path.resolve(strict=True)
            str(found).encode()  # names that are no text cannot be told
            if not path.is_absolute() or not found.is_dir() or not self._holds(found):
                raise Refusal(403, f"{given[:300]} {why}")
            for link in _list_links(found):
                if not self._holds(link.resolve()):
                    raise Refusal(403, f"{link.name} in {given[:300]} leads out of the folders; put a copy there")
        except (OSError, ValueError, RuntimeError) as error:
            raise Refusal(403, f"{given[:300]} {why}") from error
        return found

    def _holds(self, path: Path) -> bool:
        return any(path.is_relative_to(root) for root in (*self.roots, self.uploads))

    def keep(self, files: Sequence[tuple[str, BinaryIO]], most: int) -> tuple[Path, list[str]]:
        """Keep uploaded photos in a folder of their own; return it, and the names that they got.

        Args:
            files: names as they were given, and what they hold.
            most: of files.

        Raises:
            Refusal: they are too many or too few, one is no photo or cloud by its name, or the disk is full.
            StoreError: the folder cannot be written otherwise.
        """
        if not 2 <= len(files) <= most:
            raise Refusal(422, f"expected 2 to {most} files, but got {len(files)}; send as many")
        names = make_safe([name for name, _ in files])
        folder = self.uploads / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex[:8]}"
        try:
            folder.mkdir(parents=True)
            if shutil.disk_usage(folder).free - sum(_count_bytes(content) for _, content in files) < LEAST_FREE:
                raise OSError(errno.ENOSPC, "less than 1 GB would be left")
            for name, (_, content) in zip(names, files, strict=True):
                with (folder / name).open("xb") as kept:
                    shutil.copyfileobj(content, kept)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            if error.errno in NO_ROOM:
                raise Refusal(*FULL_DISK) from error
            told = f"cannot write {folder}: {error.strerror or error}; allow writing there, or choose another workspace"
            raise StoreError(told) from error
        return folder, names


def _count_bytes(content: BinaryIO) -> int:
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    return size


def make_safe(names: Sequence[str]) -> list[str]:
    """Return names that are good in any folder, each once.

    Raises:
        Refusal: one does not end like a photo or a cloud.

    Example:
        "../a b.PNG" and "a b.png" give "a b.png" and "a b_2.png".
    """
    safe, taken = list[str](), set[str]()
    for name in names:
        last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])  # Macs send accents apart
        suffix = Path(last).suffix.lower()
        if suffix not in IMAGE_SUFFIXES | CLOUD_SUFFIXES:
            raise Refusal(422, f"{name[:100]!r} does not end like a photo or a cloud, as in part.png; rename it")
        stem = re.sub(r"[^\w. -]", "_", last[: -len(suffix)]).strip(". ")[:LONGEST_NAME]
        stem = f"_{stem}" if not stem or is_device(stem) else stem
        number, made = 1, f"{stem}{suffix}"
        while fold_name(made) in taken:
            number += 1
            made = f"{stem}_{number}{suffix}"
        taken.add(fold_name(made))
        safe.append(made)
    return safe


def _list_links(folder: Path) -> Iterable[Path]:
    """Yield the links in a folder, at any depth; those in folders that links lead to, too, once each."""
    waiting, seen = [folder], {folder}
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                path = Path(entry.path)
                is_link = entry.is_symlink()
                if is_link:
                    yield path
                inner = path.resolve() if is_link else path
                if entry.is_dir() and inner not in seen:
                    seen.add(inner)
                    waiting.append(inner)
