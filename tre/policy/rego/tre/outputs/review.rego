# METADATA
# title: Review
# description: Who may vote on a release request.
package tre.outputs.review

facts := {"vote": "request"}

objections := {"vote": {
	"outputs.file.altered",
	"outputs.request.not_in_review",
	"outputs.review.already_voted",
	"outputs.review.own_project",
	"outputs.review.own_request",
	"people.role.checker_needed",
}}

# METADATA
# title: Not of the project
is_outsider if {
	every member in input.facts.members {
		member != input.actor.person_id
	}
	every project in input.actor.member_of {
		project != input.facts.project_id
	}
}

# METADATA
# title: Not of the project
# description: Checked against the project's members and against the checker's projects.
lifted contains "outputs.review.own_project" if is_outsider

# METADATA
# title: Somebody else's request
# description: Nobody approves their own output; the review itself holds the same once more.
lifted contains "outputs.review.own_request" if {
	input.facts.requester_id != ""
	input.facts.requester_id != input.actor.person_id
}

# METADATA
# title: The first vote of this checker
lifted contains "outputs.review.already_voted" if {
	every voter in input.facts.voted {
		voter != input.actor.person_id
	}
}

# METADATA
# title: Open for review
lifted contains "outputs.request.not_in_review" if input.facts.state in {"submitted", "in_review"}

# METADATA
# title: Every file still has its hash
lifted contains "outputs.file.altered" if input.facts.is_intact == true
