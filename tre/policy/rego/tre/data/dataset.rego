# METADATA
# title: Dataset
# description: Who may look at the catalogue and load data.
package tre.data.dataset

import data.tre.caller

facts := {"view": "dataset", "load": "dataset"}

objections := {
	"view": {"people.not_signed_in"},
	"load": {"data.dataset.not_custodian"},
}

# METADATA
# title: Its custodian
lifted contains "data.dataset.not_custodian" if {
	caller.has_role("custodian")
	input.facts.custodian_id == input.actor.person_id
}

# METADATA
# title: Our own process
lifted contains "data.dataset.not_custodian" if caller.is_system
