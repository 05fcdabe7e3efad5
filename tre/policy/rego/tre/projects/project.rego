# METADATA
# title: Project
# description: Who may see, write, submit, decide on and stop a project.
package tre.projects.project

import data.tre.caller
import data.tre.people.standing

facts := {
	"view": "project",
	"draft": "project",
	"submit": "project",
	"decide": "project",
	"suspend": "project",
	"resume": "project",
	"close": "project",
}

objections := {
	"view": {"projects.project.not_visible"},
	"draft": {"people.role.researcher_needed", "projects.project.not_draft", "projects.project.not_lead"},
	"submit": (standing.needed | {"projects.project.incomplete", "projects.project.not_lead"}),
	"decide": {
		"projects.decision.already_made",
		"projects.decision.not_assessed",
		"projects.decision.not_in_role",
		"projects.decision.own_project",
		"projects.project.not_submitted",
	},
	"suspend": {"people.role.admin_needed"},
	"resume": {"people.role.admin_needed"},
	"close": {"people.role.admin_needed"},
}

# METADATA
# title: The lead, a member, or once submitted those who decide and check
# description: Also the rule of the list of projects, so it only compares facts with known values.
is_visible if input.facts.lead_id == input.actor.person_id

is_visible if input.facts.project_id in input.actor.member_of

is_visible if {
	caller.has_one_of({"admin", "auditor", "custodian", "lay_reviewer", "output_checker"})
	input.facts.state in {"submitted", "approved", "suspended", "refused", "closed"}
}

# METADATA
# title: The lead, a member, or once submitted those who decide and check
lifted contains "projects.project.not_visible" if is_visible

# METADATA
# title: One's own application
lifted contains "projects.project.not_lead" if input.facts.lead_id == input.actor.person_id

# METADATA
# title: Not submitted yet
lifted contains "projects.project.not_draft" if input.facts.state == "draft"

# METADATA
# title: Every required field is filled in
lifted contains "projects.project.incomplete" if input.facts.is_complete == true

# METADATA
# title: Waiting for decisions
lifted contains "projects.project.not_submitted" if input.facts.state == "submitted"

# METADATA
# title: Somebody else's project
# description: Neither the lead nor any member decides on their own project.
lifted contains "projects.decision.own_project" if {
	input.facts.lead_id != ""
	input.facts.lead_id != input.actor.person_id
	every member in input.facts.members {
		member != input.actor.person_id
	}
	every project in input.actor.member_of {
		project != input.facts.project_id
	}
}

# METADATA
# title: The first decision of this person
# description: Three decisions are three persons, also where one holds two roles.
lifted contains "projects.decision.already_made" if {
	every decision in input.facts.decided {
		[_, decider] := split(decision, ":")
		decider != input.actor.person_id
	}
}

# METADATA
# title: Not a custodian's yes
# description: A no needs no report, and the other decisions are not about the risk of the data.
lifted contains "projects.decision.not_assessed" if input.facts.is_yes == false

lifted contains "projects.decision.not_assessed" if input.facts.decision_as in {"admin", "lay_reviewer"}

# METADATA
# title: The report on risk and linkage is there
lifted contains "projects.decision.not_assessed" if input.facts.is_assessed == true

# METADATA
# title: Custodian of a dataset that is asked for
lifted contains "projects.decision.not_in_role" if {
	input.facts.decision_as == "custodian"
	caller.has_role("custodian")
	input.actor.person_id in input.facts.custodians
}

# METADATA
# title: Admin or lay reviewer
lifted contains "projects.decision.not_in_role" if {
	input.facts.decision_as in {"admin", "lay_reviewer"}
	caller.has_role(input.facts.decision_as)
}
