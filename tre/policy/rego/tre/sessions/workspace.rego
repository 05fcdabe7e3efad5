# METADATA
# title: Workspace
# description: Who may open, keep, stop and see a workspace. Opening and keeping ask the same, so what lapsed is stopped too.
package tre.sessions.workspace

import data.tre.caller
import data.tre.people.standing

facts := {
	"open": "workspace",
	"keep": "workspace",
	"stop": "workspace",
	"view": "workspace",
	"watch": "none",
}

objections := {
	"open": (needed | {"data.snapshot.not_ready"}),
	"keep": (needed | {"data.snapshot.removed"}),
	"stop": {"sessions.workspace.not_yours"},
	"view": {"sessions.workspace.not_yours"},
	"watch": {"people.role.admin_needed"},
}

needed := standing.needed | {
	"projects.project.ended",
	"projects.project.not_approved",
	"projects.project.not_member",
	"projects.project.suspended",
	"sessions.workspace.not_in_own_name",
}

# A workspace lasts a working day, and never beyond the day on which the project or the training ends.
limits := {
	"hours": 12,
	"lapses_on": min({input.facts.ends_on, input.facts.standing.training_expires_on}),
}

obligations := {"open": limits, "keep": limits}

# METADATA
# title: One's own workspace
# description: Nobody opens a workspace for somebody else, an admin neither.
lifted contains "sessions.workspace.not_in_own_name" if input.facts.person_id == input.actor.person_id

# METADATA
# title: A member of the project
lifted contains "projects.project.not_member" if input.actor.person_id in input.facts.members

# METADATA
# title: The project was approved
lifted contains "projects.project.not_approved" if input.facts.project_state in {"approved", "suspended"}

# METADATA
# title: The project is not suspended
lifted contains "projects.project.suspended" if {
	input.facts.project_state in {"draft", "submitted", "approved", "refused", "closed"}
}

# METADATA
# title: The project has not ended
# description: Its last day is today or later.
lifted contains "projects.project.ended" if input.facts.ends_on >= input.today

# METADATA
# title: The snapshot is ready
lifted contains "data.snapshot.not_ready" if input.facts.snapshot_state == "ready"

# METADATA
# title: The snapshot was not removed
# description: While a newer version is built, work on the older one goes on.
lifted contains "data.snapshot.removed" if input.facts.snapshot_state in {"ready", "requested", "building", "failed"}

# METADATA
# title: One's own workspace
lifted contains "sessions.workspace.not_yours" if input.facts.person_id == input.actor.person_id

# METADATA
# title: Admin
lifted contains "sessions.workspace.not_yours" if caller.has_role("admin")

# METADATA
# title: Our own process
lifted contains "sessions.workspace.not_yours" if caller.is_system
