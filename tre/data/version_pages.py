"""Owns the pages on which loaded versions are looked at and signed off: the list of loads, one version's quality report.

Must never show a row of data, nor decide who may sign: the services ask the gate.
"""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.data import service
from tre.kernel.errors import Invalid
from tre.plumbing.forms import FormFields
from tre.plumbing.web import Ctx, render, see_other

router = APIRouter()


@router.get("/versions")
def show_all(request: Request, ctx: Ctx) -> Response:
    """Every loaded version, whose turn it is, and the loads in hand."""
    return render(request, "data/versions.html", {"view": service.list_versions(ctx)})


@router.get("/versions/orders")
def show_orders(request: Request, ctx: Ctx) -> Response:
    """The loads in hand, as the part of the page that asks again by itself."""
    return render(request, "data/orders.html", {"orders": service.list_loads(ctx)})


@router.post("/versions/orders")
def order(ctx: Ctx, fields: FormFields) -> Response:
    """Order the load of the raw files that lie in the broker's inbox."""
    dataset = fields.text("dataset")
    service.order_load(ctx, dataset, service.Origin())
    return see_other("/versions", flash="The load is ordered. The honest broker does it next.")


@router.get("/versions/{dataset_id}/{version}")
def show(request: Request, ctx: Ctx, dataset_id: str, version: str) -> Response:
    """One version: where it came from, its quality, who has signed it."""
    return _page(request, service.view_version(ctx, dataset_id, version))


@router.post("/versions/{dataset_id}/{version}/sign")
def sign(ctx: Ctx, dataset_id: str, version: str) -> Response:
    """Give the first sign-off."""
    service.sign_version(ctx, dataset_id, version)
    return see_other(
        f"/versions/{dataset_id}/{version}", flash="You have signed this version. Another person decides next."
    )


@router.post("/versions/{dataset_id}/{version}/accept")
def accept(ctx: Ctx, dataset_id: str, version: str) -> Response:
    """Give the second sign-off: the version is in use."""
    service.accept_version(ctx, dataset_id, version)
    return see_other(f"/versions/{dataset_id}/{version}", flash="This version is in use from now on.")


@router.post("/versions/{dataset_id}/{version}/refuse")
def refuse(request: Request, ctx: Ctx, dataset_id: str, version: str, fields: FormFields) -> Response:
    """Refuse the version, with the reason."""
    try:
        service.refuse_version(ctx, dataset_id, version, fields.text("reason"))
    except Invalid as error:
        view = service.view_version(ctx, dataset_id, version)
        return _page(request, view, errors=error.fields, values=fields)
    return see_other(f"/versions/{dataset_id}/{version}", flash="This version is refused. The one in use stays in use.")


def _page(
    request: Request,
    view: service.VersionView,
    *,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, object] | None = None,
) -> Response:
    status = 422 if errors else 200
    return render(request, "data/version.html", {"view": view}, errors=errors, values=values, status=status)
