"""Owns where pages and API of output checking find their desk. Must never build one."""

from typing import Annotated

from fastapi import Depends, Request

from output_checking.service.desk import OutputsDesk


def desk_of(request: Request) -> OutputsDesk:
    """Return the desk that bootstrap put into the house."""
    desk: OutputsDesk = request.app.state.house.outputs
    return desk


Desk = Annotated[OutputsDesk, Depends(desk_of)]
