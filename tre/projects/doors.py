"""Owns where pages and API of projects find their desk. Must never build one."""

from typing import Annotated

from fastapi import Depends, Request

from tre.projects.service import ProjectsDesk


def desk_of(request: Request) -> ProjectsDesk:
    """Return the desk that bootstrap put into the house."""
    desk: ProjectsDesk = request.app.state.house.projects
    return desk


Desk = Annotated[ProjectsDesk, Depends(desk_of)]
