# METADATA
# title: Report on what is asked for
# description: Who may order and make the report on risk and linkage that a custodian sees before deciding.
package tre.data.assessment

import data.tre.caller

facts := {"order": "assessment", "make": "assessment"}

objections := {
	"order": {"data.assessment.not_responsible", "projects.project.not_submitted"},
	"make": {"data.assessment.broker_only", "projects.project.not_submitted"},
}

# METADATA
# title: Our own process
# description: Sending an application orders its report without a further act.
lifted contains "data.assessment.not_responsible" if caller.is_system

# METADATA
# title: A custodian of the data asked for
lifted contains "data.assessment.not_responsible" if {
	caller.has_role("custodian")
	input.actor.person_id in input.facts.custodians
}

# METADATA
# title: The honest broker
lifted contains "data.assessment.broker_only" if caller.is_broker

# METADATA
# title: Waiting for decisions
lifted contains "projects.project.not_submitted" if input.facts.project_state == "submitted"
