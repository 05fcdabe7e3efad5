"""Owns where pages and API of the register find their desk. Must never build one."""

from typing import Annotated

from fastapi import Depends, Request

from tre.register.service import RegisterDesk


def desk_of(request: Request) -> RegisterDesk:
    """Return the desk that bootstrap put into the house."""
    desk: RegisterDesk = request.app.state.house.register
    return desk


Desk = Annotated[RegisterDesk, Depends(desk_of)]
