"""Owns the store beyond this machine: dataset versions and lists of persons in an S3-compatible bucket, or in any folder.

The bucket is where versions are kept; the broker's store folder is then what it works on, and can be emptied. A version is put
with its manifest last and brought with it last: one without a manifest is not there. Must never hold an identifier: versions
and lists have internal numbers only.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pyarrow import fs

from tre.data.engine.folders import PEOPLE, flush, published, sha256_of
from tre.kernel.errors import Altered, Unavailable

MANIFEST = "manifest.json"
LISTS = "opt_outs"
_AT_ONCE = 8 * 1024**2


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Where versions are kept.

    Args:
        files: a folder (`pyarrow.fs.LocalFileSystem`) or S3 (`pyarrow.fs.S3FileSystem`).
        root: bucket and prefix, or a folder's path.
    """

    files: fs.FileSystem
    root: str

    def has(self, dataset: str, version: str) -> bool:
        """Say whether the version is there, whole."""
        try:
            found = self.files.get_file_info(self._at(dataset, version, MANIFEST))
        except OSError as fault:
            raise _unreachable(self.root) from fault
        return bool(found.type == fs.FileType.File)

    def put(self, dataset: str, version: str, folder: Path) -> None:
        """Keep a version; one that is there already is left as it is."""
        if self.has(dataset, version):
            return
        paths = sorted((one for one in folder.rglob("*") if one.is_file()), key=lambda one: one.name == MANIFEST)
        try:
            for path in paths:
                self._put_file(path, self._at(dataset, version, path.relative_to(folder).as_posix()))
        except OSError as fault:
            raise _unreachable(self.root) from fault

    def bring(self, dataset: str, version: str, folder: Path) -> None:
        """Bring a version to `folder`, whole or not at all; nothing to do where it is there.

        Raises:
            Unavailable: the bucket does not answer, or has no such version.
            Altered: a table is not what its manifest says.
        """
        if folder.exists():
            return
        if not self.has(dataset, version):
            sentence = f"The store has no version {version} of {dataset}: restore it from the backup, or load it again."
            raise Unavailable(sentence, code="data.store.version_gone")
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with published(folder) as part:
                self._bring_files(self._at(dataset, version), part)
                _require_unaltered(part, dataset)
        except OSError as fault:
            raise _unreachable(self.root) from fault

    def put_list(self, sha256: str, path: Path) -> None:
        """Keep a list of persons, named by its hash; one that is there whole already is left as it is."""
        at = self._at(LISTS, f"{sha256}.parquet")
        try:
            found = self.files.get_file_info(at)
            if found.type != fs.FileType.File or found.size != path.stat().st_size:
                self._put_file(path, at)
        except OSError as fault:
            raise _unreachable(self.root) from fault

    def bring_list(self, sha256: str, path: Path) -> None:
        """Bring a list of persons to `path`, whole or not at all.

        Raises:
            Unavailable: the bucket does not answer, or has no such list.
            Altered: it is not what was loaded.
        """
        at = self._at(LISTS, f"{sha256}.parquet")
        try:
            if self.files.get_file_info(at).type != fs.FileType.File:
                sentence = "A list of persons is not in the store: restore it from the backup, or load the list again."
                raise Unavailable(sentence, code="data.store.list_gone")
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.part")
            self._bring_file(at, part)
        except OSError as fault:
            raise _unreachable(self.root) from fault
        if sha256_of(part) != sha256:
            part.unlink()
            sentence = "A list of persons in the store is not what was loaded: restore it from the backup."
            raise Altered(sentence, code="data.store.altered")
        flush(part)
        part.rename(path)

    def _bring_files(self, top: str, part: Path) -> None:
        for found in self.files.get_file_info(fs.FileSelector(top, recursive=True)):
            if found.type == fs.FileType.File:
                into = part / PurePosixPath(found.path).relative_to(top)
                into.parent.mkdir(parents=True, exist_ok=True)
                self._bring_file(found.path, into)

    def _bring_file(self, at: str, into: Path) -> None:
        with self.files.open_input_stream(at) as source, into.open("wb") as target:
            while chunk := source.read(_AT_ONCE):
                target.write(chunk)

    def _put_file(self, path: Path, at: str) -> None:
        if isinstance(self.files, fs.LocalFileSystem):
            Path(at).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("rb") as source, self.files.open_output_stream(at) as target:
            while chunk := source.read(_AT_ONCE):
                target.write(chunk)

    def _at(self, *parts: str) -> str:
        return "/".join((self.root.rstrip("/"), *parts))


@dataclass(frozen=True, kw_only=True)
class S3Address:
    """Where an S3-compatible store is: `bucket` (with a prefix, if any), endpoint (empty for Amazon's), region and key pair."""

    bucket: str
    endpoint: str
    region: str
    access_key: str
    secret_key: str


def s3_bucket(address: S3Address) -> Bucket:
    """Return the bucket at an address; nothing is asked of it yet."""
    scheme, _, host = address.endpoint.rpartition("://")
    files = fs.S3FileSystem(
        access_key=address.access_key,
        secret_key=address.secret_key,
        region=address.region,
        endpoint_override=host or None,
        scheme=scheme or "https",
        connect_timeout=5,
        request_timeout=60,
    )
    return Bucket(files=files, root=address.bucket)


def folder_bucket(folder: Path) -> Bucket:
    """Return a folder, of another disk or a mounted share, as a bucket."""
    return Bucket(files=fs.LocalFileSystem(), root=str(folder))


def _require_unaltered(part: Path, dataset: str) -> None:
    manifest = json.loads((part / MANIFEST).read_text())
    for table in manifest["tables"]:
        path = part / table.get("file", f"{table['name']}.parquet")
        for one, told in ((path, table.get("sha256")), (part / PEOPLE / path.name, table.get("people_sha256"))):
            if one.exists() and told not in (None, sha256_of(one)):
                sentence = f"The table {table['name']} of {dataset} in the store is not what was loaded: restore it from the backup."
                raise Altered(sentence, code="data.store.altered")


def _unreachable(root: str) -> Unavailable:
    name = hashlib.sha256(root.encode()).hexdigest()[:8]
    sentence = f"The store (bucket {name}) does not answer: see whether its server runs and takes our key."
    return Unavailable(sentence, code="data.store.unreachable")
