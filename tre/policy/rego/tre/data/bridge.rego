# METADATA
# title: Bridge
# description: >-
#   Who may ask that one project be told another's pseudonyms beside its own, and agree to it. A custodian and an admin, two
#   different people of neither project; until a day that is set.
package tre.data.bridge

import data.tre.caller

facts := {
	"view": "bridge", "ask": "bridge", "agree": "bridge", "refuse": "bridge", "lay": "bridge", "take_away": "bridge",
}

objections := {
	"view": {"data.bridge.not_responsible"},
	"ask": {
		"data.bridge.ended",
		"data.bridge.not_approved",
		"data.bridge.not_responsible",
		"data.bridge.same_project",
	},
	"agree": {
		"data.bridge.agreed_already",
		"data.bridge.ended",
		"data.bridge.not_approved",
		"data.bridge.not_in_role",
		"data.bridge.own_project",
		"data.bridge.own_request",
	},
	"refuse": {"data.bridge.not_responsible"},
	"lay": {
		"data.bridge.broker_only",
		"data.bridge.ended",
		"data.bridge.not_approved",
		"data.bridge.not_two",
		"data.bridge.same_project",
	},
	"take_away": {"data.bridge.broker_only"},
}

# METADATA
# title: A custodian or an admin
lifted contains "data.bridge.not_responsible" if caller.has_one_of({"admin", "custodian"})

# METADATA
# title: Two projects
lifted contains "data.bridge.same_project" if input.facts.source_id != input.facts.target_id

# METADATA
# title: Both are approved
lifted contains "data.bridge.not_approved" if {
	input.facts.source_state == "approved"
	input.facts.target_state == "approved"
}

# METADATA
# title: Its last day has not passed
lifted contains "data.bridge.ended" if {
	input.facts.ends_on != ""
	input.today <= input.facts.ends_on
}

# METADATA
# title: Custodian of data of these projects
lifted contains "data.bridge.not_in_role" if {
	input.facts.agree_as == "custodian"
	caller.has_role("custodian")
	input.actor.person_id in input.facts.custodians
}

# METADATA
# title: An admin, as an admin
lifted contains "data.bridge.not_in_role" if {
	input.facts.agree_as == "admin"
	caller.has_role("admin")
}

# METADATA
# title: Has not agreed yet
lifted contains "data.bridge.agreed_already" if {
	said := {sprintf("%s:%s", [role, input.actor.person_id]) | some role in {"admin", "custodian"}}
	count(said & {one | some one in input.facts.agreed}) == 0
}

# METADATA
# title: Not the one who asked
lifted contains "data.bridge.own_request" if input.facts.asked_by != input.actor.person_id

# METADATA
# title: A member of neither project
lifted contains "data.bridge.own_project" if not input.actor.person_id in input.facts.members

# METADATA
# title: The honest broker
lifted contains "data.bridge.broker_only" if caller.is_broker

# METADATA
# title: A custodian and an admin agreed, two different people
# description: Neither of them asked for it, nor is a member of one of the projects now.
lifted contains "data.bridge.not_two" if {
	some custodian in agreed_as("custodian")
	some admin in agreed_as("admin")
	custodian != admin
}

agreed_as(role) := {person |
	some one in input.facts.agreed
	startswith(one, sprintf("%s:", [role]))
	person := trim_prefix(one, sprintf("%s:", [role]))
	person != input.facts.asked_by
	not person in input.facts.members
}
