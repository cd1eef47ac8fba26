"""A file in which a cloud outlives its process: SQLite with a saved cloud, and what came after.

What is done to the cloud is written before it is done, and so before it is
acknowledged: whenever the process ends, however it ends, the file opens and
holds all that was acknowledged.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.cloud import Cloud
from lifecycle.endpoint.inputs import again
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

_MARK = 0x6C696663  # "lifc"
_VERSION = 1
_BEGINNING = b"SQLite format 3\0"
_ENOUGH = 50_000
_PER_OBJECT = 5


class Store:
    """A cloud's file.

    Args:
        path: the file; it is made where there is none.

    Raises:
        InputError: it cannot be opened, is another's, or is in use by another process.
    """

    def __init__(self, path: str | Path) -> None:
        """Open or make a file."""
        self.path = str(path)
        self._count = 0
        self._check_beginning()
        self._make()
        try:
            self._db = sqlite3.connect(
                self.path, timeout=0, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        try:
            self._open()
        except sqlite3.Error as error:
            self._db.close()
            raise self._unusable(error) from error
        except InputError:
            self._db.close()
            raise

    def _check_beginning(self) -> None:
        """Let pass a file that begins as SQLite's do; it would take a very short one for empty."""
        try:
            with Path(self.path).open("rb") as file:
                beginning = file.read(len(_BEGINNING))
        except OSError:
            return  # there is none, or SQLite will tell why it cannot be used
        if beginning not in (b"", _BEGINNING):
            raise InputError("is no file of lifecycle's", file=self.path)

    def _make(self) -> None:
        """Make the file, for its owner alone: it holds passwords."""
        with suppress(OSError):  # it is there, or SQLite will tell why it cannot be made
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

    def _open(self) -> None:
        run = self._db.execute
        # Nobody else reads or writes the file from here on; the lock goes with the process.
        run("PRAGMA locking_mode = EXCLUSIVE")
        (mark,) = run("PRAGMA application_id").fetchone()
        (tables,) = run("SELECT count(*) FROM sqlite_master").fetchone()
        if mark != _MARK and (mark or tables):
            raise InputError("is a database of something else", file=self.path)
        run("PRAGMA journal_mode = WAL")
        # What was written survives the end of the process; only a loss of power may take
        # the last calls with it, and never the file.
        run("PRAGMA synchronous = NORMAL")
        run("BEGIN EXCLUSIVE")
        if not tables:
            run(f"PRAGMA application_id = {_MARK}")
            run(f"PRAGMA user_version = {_VERSION}")
            run("CREATE TABLE saved (cloud TEXT NOT NULL)")
            run("CREATE TABLE inputs (id INTEGER PRIMARY KEY, time REAL, kind TEXT, data TEXT)")
        run("COMMIT")
        (version,) = run("PRAGMA user_version").fetchone()
        if version != _VERSION:
            raise InputError(f"has the form {version}, this reads {_VERSION}", file=self.path)
        (self._count,) = run("SELECT count(*) FROM inputs").fetchone()

    def _unusable(self, error: sqlite3.Error) -> InputError:
        if "locked" in str(error):
            return InputError("is in use by another process", file=self.path)
        if "not a database" in str(error):
            return InputError("is no file of lifecycle's", file=self.path)
        return InputError(f"cannot be used: {error}", file=self.path)

    def restore(self, fresh: Callable[[], Cloud]) -> Cloud:
        """Give the cloud that the file holds.

        Args:
            fresh: makes the cloud of a new file.

        Raises:
            InputError: what stands there cannot be read.
        """
        try:
            row = self._db.execute("SELECT cloud FROM saved").fetchone()
            inputs = self._db.execute("SELECT time, kind, data FROM inputs ORDER BY id")
            if row is None:
                cloud = fresh()
                self.save(cloud)
                return cloud
            cloud = Cloud.from_json(json.loads(row[0]))
            for time, kind, data in inputs:
                again(cloud, time, kind, json.loads(data))
        except (sqlite3.Error, ValueError, KeyError) as error:
            raise InputError(f"cannot be read: {error}", file=self.path) from error
        except InputError as error:
            raise error.at(self.path) from error
        if self._count:
            self.save(cloud)
        return cloud

    def add(self, time: float, kind: str, data: dict[str, Any]) -> None:
        """Write an input before it is done.

        Raises:
            InputError: it cannot be written; then it must not be done.
        """
        try:
            self._db.execute(
                "INSERT INTO inputs (time, kind, data) VALUES (?, ?, ?)",
                (time, kind, json.dumps(data, separators=(",", ":"))),
            )
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        self._count += 1

    def save_in_time(self, cloud: Cloud) -> None:
        """Save the whole cloud when reading what came since would take longer."""
        if self._count > _ENOUGH + _PER_OBJECT * (len(cloud.images) + len(cloud.vms)):
            self.save(cloud)

    def save(self, cloud: Cloud) -> None:
        """Save the whole cloud, in place of what was saved and all inputs since.

        Raises:
            InputError: it cannot be written; the file is as it was.
            LifecycleError: the clock holds actions that the cloud did not put there.
        """
        text = json.dumps(cloud.to_json(journal=False), separators=(",", ":"))
        run = self._db.execute
        try:
            run("BEGIN EXCLUSIVE")
            run("DELETE FROM saved")
            run("INSERT INTO saved VALUES (?)", (text,))
            run("DELETE FROM inputs")
            run("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                run("ROLLBACK")
            raise self._unusable(error) from error
        self._count = 0

    def close(self) -> None:
        """Give the file back."""
        self._db.close()
