"""Owns the honest broker's process: `python -m tre.entrypoints.broker`; with `--health` it says whether that process lives.

Run under an account of its own, which alone can enter the vault. Must never listen on anything.
"""

import argparse
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

from tre.data.broker.desk import Desk
from tre.data.broker.keeping import BEAT_SECONDS, Heartbeat
from tre.data.broker.loop import run
from tre.data.engine.bucket import Bucket, S3Address, folder_bucket, s3_bucket
from tre.data.engine.folders import Folders
from tre.data.engine.keys import chosen_keys
from tre.data.engine.spark_session import chosen_spark
from tre.data.engine.vault import open_vault
from tre.entrypoints.bootstrap.house import build_foundations
from tre.kernel.actor import system_actor
from tre.kernel.errors import TreError
from tre.plumbing.config import Config

LATE_SECONDS = 3 * BEAT_SECONDS


def main(words: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT, or say how the serving process is; return the exit code."""
    parser = argparse.ArgumentParser(prog="broker", description="The honest broker")
    parser.add_argument(
        "--health", action="store_true", help="exit 0 if the running broker has given a sign of life lately"
    )
    given = parser.parse_args(words)
    config = Config()
    beat = Path(os.environ.get("TRE_HEARTBEAT") or config.state / "run/broker/heartbeat")
    if given.health:
        return _tell_health(beat)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        serve(config, beat)
    except TreError as fault:
        print(f"{fault.sentence} ({fault.code})", file=sys.stderr)
        return 1
    return 0


def serve(config: Config, beat: Path) -> None:
    """Open the vault and take jobs until told to stop.

    Raises:
        Unavailable: another broker has the vault open, a secret cannot be read, or Spark is wanted and cannot be had.
        Altered: the vault's key is gone or is not the one that sealed it.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    spark = chosen_spark(config.snapshot_engine, config.spark_master)
    folders = Folders.under(config.state)
    folders.prepare()
    ctx = build_foundations(config).context(system_actor("broker"))
    with open_vault(folders.vault, chosen_keys(config, folders.vault)) as vault:
        folders.clear_scratch()
        desk = Desk(ctx=ctx, folders=folders, vault=vault, bucket=chosen_bucket(config), spark=spark)
        run(desk, Heartbeat(beat), stop)


def chosen_bucket(config: Config) -> Bucket | None:
    """Return where dataset versions are kept beyond this machine; None where the state's store is all there is.

    Raises:
        Unavailable: the bucket's key pair cannot be read.
    """
    if not config.store_bucket:
        return None
    if config.store_bucket.startswith("/"):
        return folder_bucket(Path(config.store_bucket))
    return s3_bucket(
        S3Address(
            bucket=config.store_bucket,
            endpoint=config.store_endpoint,
            region=config.store_region,
            access_key=config.secret("store_access_key"),
            secret_key=config.secret("store_secret_key"),
        )
    )


def _tell_health(beat: Path) -> int:
    try:
        age = time.time() - beat.stat().st_mtime
    except OSError:
        print("The broker has given no sign of life: start it.")
        return 1
    print(f"The broker's last sign of life was {age:.0f} s ago.")
    return 0 if age <= LATE_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
