# METADATA
# title: Dataset version
# description: Who may see a loaded version's quality report, sign it first, accept it as the second person, or refuse it.
package tre.data.version

import data.tre.caller

facts := {"view": "version", "sign": "version", "accept": "version", "refuse": "version"}

objections := {
	"view": {"data.version.not_responsible"},
	"sign": {"data.version.not_loader", "data.version.signed_already"},
	"accept": {"data.version.not_responsible", "data.version.own_load"},
	"refuse": {"data.version.not_responsible"},
}

# METADATA
# title: A custodian or an admin
lifted contains "data.version.not_responsible" if caller.has_one_of({"admin", "custodian"})

# METADATA
# title: The custodian who loaded it
lifted contains "data.version.not_loader" if {
	caller.has_role("custodian")
	input.facts.loaded_by == input.actor.person_id
}

# METADATA
# title: The dataset's custodian
# description: For a version that one of our own processes loaded.
lifted contains "data.version.not_loader" if {
	caller.has_role("custodian")
	startswith(input.facts.loaded_by, "system:")
	input.facts.custodian_id == input.actor.person_id
}

# METADATA
# title: Has not signed it yet
lifted contains "data.version.signed_already" if not input.actor.person_id in input.facts.signed_by

# METADATA
# title: Another person
# description: Neither loaded it nor signed it before.
lifted contains "data.version.own_load" if {
	input.facts.loaded_by != input.actor.person_id
	not input.actor.person_id in input.facts.signed_by
}
