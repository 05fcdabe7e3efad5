# METADATA
# title: Lists of persons
# description: Who may see and load opt-outs, refusals and consents, and who may exempt a project from one.
package tre.data.opt_outs

import data.tre.caller

facts := {"view": "none", "load": "person_list", "exempt": "exemption", "honour": "exemption"}

objections := {
	"view": {"data.opt_outs.not_visible"},
	"load": {"data.opt_outs.not_custodian"},
	"exempt": {
		"data.opt_outs.never_exempt",
		"data.opt_outs.no_reason",
		"data.opt_outs.not_custodian",
		"data.opt_outs.own_project",
	},
	"honour": {"data.opt_outs.not_custodian"},
}

# METADATA
# title: Custodian, admin or auditor
lifted contains "data.opt_outs.not_visible" if caller.has_one_of({"admin", "auditor", "custodian"})

# METADATA
# title: Our own process
lifted contains "data.opt_outs.not_visible" if caller.is_system

# METADATA
# title: Custodian of a dataset that the list is for
lifted contains "data.opt_outs.not_custodian" if {
	caller.has_role("custodian")
	input.actor.person_id in input.facts.custodians
}

# METADATA
# title: The dataset's custodian
lifted contains "data.opt_outs.not_custodian" if {
	caller.has_role("custodian")
	input.facts.custodian_id == input.actor.person_id
}

# METADATA
# title: Our own process
# description: Loads lists that an operator hands over; it exempts nobody.
lifted contains "data.opt_outs.not_custodian" if {
	caller.is_system
	input.action == "data.opt_outs.load"
}

# METADATA
# title: The list and the legal basis allow it
lifted contains "data.opt_outs.never_exempt" if input.facts.may_be_exempted == true

# METADATA
# title: A reason is given
lifted contains "data.opt_outs.no_reason" if input.facts.is_reasoned == true

# METADATA
# title: Somebody else's project
lifted contains "data.opt_outs.own_project" if {
	every member in input.facts.members {
		member != input.actor.person_id
	}
	every project in input.actor.member_of {
		project != input.facts.project_id
	}
}
