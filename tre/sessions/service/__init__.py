"""What a person can do with workspaces, one named function each, and what other rooms may ask."""

from tre.sessions.service.desk import SessionsDesk
from tre.sessions.service.keeping import Round, keep_or_stop
from tre.sessions.service.loading import PRACTICE_TITLE
from tre.sessions.service.opening import open_workspace
from tre.sessions.service.practising import PracticeView, look_at_practice, open_practice
from tre.sessions.service.stopping import (
    leave_workspaces,
    open_workspaces,
    shut_out,
    stop_own_workspace,
    stop_workspace,
    stop_workspaces_of,
    stop_workspaces_of_person,
)
from tre.sessions.service.storage import require_room
from tre.sessions.service.viewing import (
    Watched,
    WorkspaceView,
    card,
    lab_url,
    look_at_workspace,
    mounted_versions,
    session_by_token,
    use_of_all,
    use_of_project,
    watch_workspaces,
)

__all__ = [
    "PRACTICE_TITLE",
    "PracticeView",
    "Round",
    "SessionsDesk",
    "Watched",
    "WorkspaceView",
    "card",
    "keep_or_stop",
    "lab_url",
    "leave_workspaces",
    "look_at_practice",
    "look_at_workspace",
    "mounted_versions",
    "open_practice",
    "open_workspace",
    "open_workspaces",
    "require_room",
    "session_by_token",
    "shut_out",
    "stop_own_workspace",
    "stop_workspace",
    "stop_workspaces_of",
    "stop_workspaces_of_person",
    "use_of_all",
    "use_of_project",
    "watch_workspaces",
]
