# METADATA
# title: The vault's key
# description: Who may order a new version of the key that makes pseudonyms, who makes it, and who sees which versions there are.
package tre.data.key

import data.tre.caller

facts := {"view": "none", "rotate": "none", "renew": "none"}

objections := {
	"view": {"data.key.not_responsible"},
	"rotate": {"people.role.admin_needed"},
	"renew": {"data.key.broker_only"},
}

# METADATA
# title: A custodian or an admin
lifted contains "data.key.not_responsible" if caller.has_one_of({"admin", "custodian"})

# METADATA
# title: The honest broker
lifted contains "data.key.broker_only" if caller.is_broker
