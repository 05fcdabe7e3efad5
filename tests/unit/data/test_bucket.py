"""The store in a bucket: put and brought whole, through a server that speaks S3 on this machine, and through a plain folder."""

import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer
from pyarrow import fs

from tests.factories.loaded import AT, Loaded, quietly
from tre.data.engine.bucket import MANIFEST, Bucket, S3Address, folder_bucket, s3_bucket
from tre.data.engine.folders import Folders
from tre.data.engine.snapshot import build_snapshot
from tre.kernel.errors import Altered, Unavailable


@pytest.fixture(scope="module")
def server() -> Iterator[S3Address]:
    """A server that speaks S3, with one bucket."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    address = S3Address(
        bucket="tre-store", endpoint=f"http://{host}:{port}", region="eu-west-2", access_key="key", secret_key="secret"
    )
    files = fs.S3FileSystem(
        access_key="key", secret_key="secret", region="eu-west-2", scheme="http", endpoint_override=f"{host}:{port}", allow_bucket_creation=True,
    )  # fmt: skip
    files.create_dir("tre-store")
    yield address
    running.stop()


@pytest.fixture(params=["s3", "folder"])
def bucket(request: pytest.FixtureRequest, server: S3Address, tmp_path: Path) -> Bucket:
    """A bucket of each kind, with nothing of this test in it."""
    if request.param == "s3":
        return s3_bucket(replace(server, bucket=f"tre-store/{tmp_path.name}"))
    return folder_bucket(tmp_path / "elsewhere")


def bodies(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_what_was_put_is_brought_and_a_snapshot_is_built_of_it(loaded: Loaded, bucket: Bucket, tmp_path: Path) -> None:
    version = loaded.versions["hospital"].version
    folder = loaded.folders.version("hospital", version)
    assert not bucket.has("hospital", version)
    bucket.put("hospital", version, folder)
    bucket.put("hospital", version, folder)
    assert bucket.has("hospital", version)
    here = Folders(vault=loaded.folders.vault, store=tmp_path / "store", snapshots=tmp_path / "snapshots")
    shutil.copytree(loaded.folders.store / "opt_outs", here.store / "opt_outs")
    bucket.bring("hospital", version, here.version("hospital", version))
    assert bodies(here.version("hospital", version)) == bodies(folder)
    plan = loaded.plan(datasets=("hospital",))
    key = loaded.vault.project_key(plan.project_id, key_version=1)
    far = build_snapshot(plan, folders=here, key=key, at=AT, progress=quietly)
    _, near = loaded.build(plan, snapshots=tmp_path / "near")
    assert far == near


def test_a_version_without_its_manifest_is_not_there(loaded: Loaded, bucket: Bucket, tmp_path: Path) -> None:
    """As a put that was killed leaves it: the manifest goes last."""
    version = loaded.versions["hospital"].version
    half = tmp_path / "half"
    shutil.copytree(loaded.folders.version("hospital", version), half)
    manifest = (half / MANIFEST).read_bytes()
    (half / MANIFEST).unlink()
    bucket.put("hospital", version, half)
    assert not bucket.has("hospital", version)
    with pytest.raises(Unavailable, match="has no version"):
        bucket.bring("hospital", version, tmp_path / "brought")
    (half / MANIFEST).write_bytes(manifest)
    bucket.put("hospital", version, half)
    bucket.bring("hospital", version, tmp_path / "brought")
    assert bodies(tmp_path / "brought") == bodies(half)


def test_what_was_changed_in_the_bucket_is_not_taken(loaded: Loaded, bucket: Bucket, tmp_path: Path) -> None:
    version = loaded.versions["hospital"].version
    changed = tmp_path / "changed"
    shutil.copytree(loaded.folders.version("hospital", version), changed)
    (changed / "deaths.parquet").write_bytes((changed / "persons.parquet").read_bytes())
    bucket.put("hospital", version, changed)
    with pytest.raises(Altered, match="deaths"):
        bucket.bring("hospital", version, tmp_path / "brought")
    assert not (tmp_path / "brought").exists()


def test_a_list_of_persons_is_put_and_brought_whole_or_not_at_all(
    loaded: Loaded, bucket: Bucket, tmp_path: Path
) -> None:
    path = next((loaded.folders.store / "opt_outs").glob("*.parquet"))
    with pytest.raises(Unavailable, match="not in the store"):
        bucket.bring_list(path.stem, tmp_path / "brought/list.parquet")
    bucket.put_list(path.stem, path)
    bucket.put_list(path.stem, path)
    bucket.bring_list(path.stem, tmp_path / "brought/list.parquet")
    assert (tmp_path / "brought/list.parquet").read_bytes() == path.read_bytes()
    short = tmp_path / "short"
    short.write_bytes(path.read_bytes()[:-1])
    bucket.put_list("0" * 64, short)
    with pytest.raises(Altered, match="not what was loaded"):
        bucket.bring_list("0" * 64, tmp_path / "other.parquet")
    assert list(tmp_path.rglob("*.part")) == []
    assert not (tmp_path / "other.parquet").exists()


def test_a_server_that_does_not_answer_is_told_so(server: S3Address, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gone = s3_bucket(replace(server, endpoint=f"http://127.0.0.1:{port}"))
    with pytest.raises(Unavailable, match="does not answer"):
        gone.bring("hospital", "x", tmp_path / "brought")
