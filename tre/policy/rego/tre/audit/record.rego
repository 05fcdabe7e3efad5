# METADATA
# title: Record
# description: Who may read and verify the record of what happened.
package tre.audit.record

import data.tre.caller

facts := {"view": "none", "verify": "none"}

objections := {
	"view": {"people.role.auditor_needed"},
	"verify": {"people.role.auditor_needed"},
}

# METADATA
# title: Our own process
lifted contains "people.role.auditor_needed" if caller.is_system
