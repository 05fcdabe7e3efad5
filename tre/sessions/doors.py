"""Owns where pages and API of workspaces find their desk. Must never build one."""

from typing import Annotated

from fastapi import Depends, Request

from tre.sessions.service import SessionsDesk


def desk_of(request: Request) -> SessionsDesk:
    """Return the desk that bootstrap put into the house."""
    desk: SessionsDesk = request.app.state.house.workspaces
    return desk


Desk = Annotated[SessionsDesk, Depends(desk_of)]
