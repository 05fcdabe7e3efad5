# METADATA
# title: Snapshot
# description: Who may see, ask for, build, retire and remove a project's snapshot.
package tre.data.snapshot

import data.tre.caller

facts := {"view": "snapshot", "request": "snapshot", "build": "snapshot", "retire": "snapshot", "remove": "snapshot"}

objections := {
	"view": {"data.snapshot.not_visible"},
	"request": {"data.snapshot.not_responsible", "projects.project.not_approved"},
	"build": {"data.snapshot.broker_only", "projects.project.not_approved"},
	"retire": {"data.snapshot.process_only"},
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
lifted contains "data.snapshot.not_responsible" if caller.is_system

# METADATA
# title: Admin
lifted contains "data.snapshot.not_responsible" if caller.has_role("admin")

# METADATA
# title: A custodian of data that is in it
# description: Who answers for the data can have it brought up to date, so that a choice that was made since is honoured.
lifted contains "data.snapshot.not_responsible" if {
	caller.has_role("custodian")
	input.actor.person_id in input.facts.custodians
}

# METADATA
# title: Our own process
# description: A superseded snapshot ends by itself once no workspace has it.
lifted contains "data.snapshot.process_only" if caller.is_system

# METADATA
# title: The project is approved
lifted contains "projects.project.not_approved" if input.facts.project_state == "approved"

# METADATA
# title: The honest broker
lifted contains "data.snapshot.broker_only" if caller.is_broker
