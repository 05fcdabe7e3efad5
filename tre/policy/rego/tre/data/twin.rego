# METADATA
# title: Synthetic twin
# description: Who may order made-up data in the shape of a dataset, and make it.
package tre.data.twin

import data.tre.caller

facts := {"order": "dataset", "build": "dataset"}

objections := {
	"order": {"data.twin.not_responsible"},
	"build": {"data.snapshot.broker_only"},
}

# METADATA
# title: A custodian or an admin
# description: Whoever may give a version the second sign-off, which orders its twin.
lifted contains "data.twin.not_responsible" if caller.has_one_of({"admin", "custodian"})

# METADATA
# title: Our own process
lifted contains "data.twin.not_responsible" if caller.is_system

# METADATA
# title: The honest broker
lifted contains "data.snapshot.broker_only" if caller.is_broker
