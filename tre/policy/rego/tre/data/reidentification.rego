# METADATA
# title: Re-identification
# description: >-
#   Who may ask who is behind a pseudonym, approve that, and read the answer. Two persons, of whom the second is not of the
#   project; at the broker's command line alone; no more in a day than is set.
package tre.data.reidentification

import data.tre.caller

facts := {
	"view": "reidentification", "ask": "reidentification", "approve": "reidentification", "refuse": "reidentification",
	"answer": "reidentification", "give_up": "reidentification", "read": "reidentification",
}

objections := {
	"view": {"data.reidentification.not_responsible"},
	"ask": {"data.reidentification.not_responsible", "data.reidentification.over_rate"},
	"approve": {
		"data.reidentification.not_responsible",
		"data.reidentification.over_rate",
		"data.reidentification.own_project",
		"data.reidentification.own_request",
	},
	"refuse": {"data.reidentification.not_responsible"},
	"answer": {
		"data.reidentification.broker_only",
		"data.reidentification.not_two",
		"data.reidentification.over_rate",
	},
	"give_up": {"data.reidentification.broker_only"},
	"read": {"data.reidentification.not_of_the_two"},
}

# METADATA
# title: A custodian or an admin
lifted contains "data.reidentification.not_responsible" if caller.has_one_of({"admin", "custodian"})

# METADATA
# title: Fewer than may be in a day
lifted contains "data.reidentification.over_rate" if input.facts.asked_lately < input.facts.most_a_day

# METADATA
# title: Not a member of the project
lifted contains "data.reidentification.own_project" if not input.actor.person_id in input.facts.members

# METADATA
# title: Not the one who asked
lifted contains "data.reidentification.own_request" if input.facts.asked_by != input.actor.person_id

# METADATA
# title: The honest broker
lifted contains "data.reidentification.broker_only" if caller.is_broker

# METADATA
# title: Asked by one, approved by another
# description: And the second is not a member of the project now.
lifted contains "data.reidentification.not_two" if {
	input.facts.asked_by != ""
	input.facts.approved_by != ""
	input.facts.asked_by != input.facts.approved_by
	not input.facts.approved_by in input.facts.members
}

# METADATA
# title: The one who asked
lifted contains "data.reidentification.not_of_the_two" if input.facts.asked_by == input.actor.person_id

# METADATA
# title: The one who approved
lifted contains "data.reidentification.not_of_the_two" if input.facts.approved_by == input.actor.person_id
