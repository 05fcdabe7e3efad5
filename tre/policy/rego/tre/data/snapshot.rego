# METADATA
# title: Snapshot
# description: Who may see, ask for, build and remove a project's snapshot.
package tre.data.snapshot

import data.tre.caller

facts := {"view": "snapshot", "request": "snapshot", "build": "snapshot", "remove": "snapshot"}

objections := {
	"view": {"data.snapshot.not_visible"},
	"request": {"people.role.admin_needed", "projects.project.not_approved"},
	"build": {"data.snapshot.broker_only", "projects.project.not_approved"},
	"remove": {"data.snapshot.broker_only"},
}

# METADATA
# title: A member of the project
lifted contains "data.snapshot.not_visible" if input.facts.project_id in input.actor.member_of

# METADATA
# title: Admin, auditor or custodian
lifted contains "data.snapshot.not_visible" if caller.has_one_of({"admin", "auditor", "custodian"})

# METADATA
# title: Our own process
lifted contains "data.snapshot.not_visible" if caller.is_system

# METADATA
# title: Our own process
# description: The approval of a project asks for its snapshot without a person's further act.
lifted contains "people.role.admin_needed" if caller.is_system

# METADATA
# title: The project is approved
lifted contains "projects.project.not_approved" if input.facts.project_state == "approved"

# METADATA
# title: The honest broker
lifted contains "data.snapshot.broker_only" if caller.is_broker
