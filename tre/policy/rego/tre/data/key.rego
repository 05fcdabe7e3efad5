# METADATA
# title: The vault's key
# description: Who may order a new version of the key that makes pseudonyms, and who makes it.
package tre.data.key

import data.tre.caller

facts := {"rotate": "none", "renew": "none"}

objections := {
	"rotate": {"people.role.admin_needed"},
	"renew": {"data.key.broker_only"},
}

# METADATA
# title: The honest broker
lifted contains "data.key.broker_only" if caller.is_broker
