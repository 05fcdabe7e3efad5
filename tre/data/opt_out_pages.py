"""Owns the pages on people's choices: lists in force, what lags behind, exemptions. Must never hold a rule or show a person."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.data.domain.opt_outs import LISTS
from tre.data.service import ListOrder, OptOutsView, exempt_project, honour_list, order_list, view_opt_outs
from tre.kernel.errors import Invalid
from tre.plumbing.forms import FormFields
from tre.plumbing.web import Ctx, render, see_other
from tre.projects.domain.choices import COMMON_LAW

router = APIRouter()

PAGE = "/opt-outs"


@router.get(PAGE)
def show(request: Request, ctx: Ctx) -> Response:
    """The lists in force, the snapshots that lag behind, the exemptions, and the rules with their sources."""
    return _page(request, view_opt_outs(ctx))


@router.post(f"{PAGE}/lists")
def load(request: Request, ctx: Ctx, fields: FormFields) -> Response:
    """Order the load of a list that lies in the broker's inbox."""
    order = ListOrder(
        list=fields.text("list"),
        namespace=fields.text("namespace"),
        file=fields.text("file"),
        project_id=fields.text("study"),
        why_shorter=fields.text("why_shorter")[:500],
    )
    try:
        order_list(ctx, order)
    except Invalid as error:
        return _page(request, view_opt_outs(ctx), errors=error.fields, values=fields)
    return see_other(PAGE, flash="The list is ordered. It is in force once the broker has read it whole.")


@router.post(f"{PAGE}/exemptions")
def exempt(request: Request, ctx: Ctx, fields: FormFields) -> Response:
    """Exempt a project from a list, with a reason."""
    typed = {"list": fields.text("from_list"), "dataset": fields.text("dataset"), "reason": fields.text("reason")}
    project_id = fields.text("project")
    try:
        if not (project_id and typed["reason"].strip()):
            told = (
                {"project": "Choose a project"}
                if not project_id
                else {"reason": "Enter the reason: the register shows it"}
            )
            raise Invalid(told)
        exempt_project(ctx, project_id, typed=typed)
    except Invalid as error:
        return _page(request, view_opt_outs(ctx), errors=error.fields, values=fields)
    return see_other(PAGE, flash="The exemption holds from the project's next snapshot, which is ordered.")


@router.post(f"{PAGE}/exemptions/{{exemption_id}}/end")
def end(ctx: Ctx, exemption_id: int) -> Response:
    """End an exemption."""
    honour_list(ctx, exemption_id)
    return see_other(PAGE, flash="The exemption has ended. The project's data is built anew without these people.")


def _page(
    request: Request,
    view: OptOutsView,
    *,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, object] | None = None,
) -> Response:
    context = {"view": view, "bases": COMMON_LAW, "everybodys": LISTS}
    return render(request, "data/opt_outs.html", context, errors=errors, values=values, status=422 if errors else 200)
