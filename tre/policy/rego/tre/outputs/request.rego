# METADATA
# title: Release request
# description: Who may see, submit and withdraw a request to release outputs.
package tre.outputs.request

import data.tre.caller

facts := {"view": "request", "submit": "request", "withdraw": "request"}

objections := {
	"view": {"outputs.request.not_visible"},
	"submit": {"outputs.request.not_requester", "projects.project.not_approved", "projects.project.not_member"},
	"withdraw": {"outputs.request.not_requester"},
}

# METADATA
# title: A member of the project, or an output checker
# description: Also the rule of the list of requests, so it only compares facts with known values.
is_visible if input.facts.project_id in input.actor.member_of

is_visible if {
	caller.has_role("output_checker")
	input.facts.state in {
		"submitted", "in_review", "returned", "approved", "released", "refused", "withdrawn", "blocked",
	}
}

# METADATA
# title: A member of the project, or an output checker
lifted contains "outputs.request.not_visible" if is_visible

# METADATA
# title: In one's own name
lifted contains "outputs.request.not_requester" if input.facts.requester_id == input.actor.person_id

# METADATA
# title: A member of the project
lifted contains "projects.project.not_member" if input.actor.person_id in input.facts.members

# METADATA
# title: The project is approved
lifted contains "projects.project.not_approved" if input.facts.project_state == "approved"
