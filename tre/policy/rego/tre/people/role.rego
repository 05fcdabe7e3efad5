# METADATA
# title: Role
# description: Who may grant a role to a person.
package tre.people.role

import data.tre.caller

facts := {"grant": "person"}

objections := {"grant": {"people.role.admin_needed", "people.role.own", "people.role.unknown"}}

# METADATA
# title: Set-up by our own process
# description: The first admin has nobody before them who could grant it.
lifted contains "people.role.admin_needed" if caller.is_system

# METADATA
# title: Another person's role
# description: Nobody gives themself a role, so that two roles that check each other do not meet by one person's choice.
lifted contains "people.role.own" if input.facts.person_id != input.actor.person_id

# METADATA
# title: A role that exists
# description: The role of our own processes cannot be granted.
lifted contains "people.role.unknown" if {
	input.facts.role in {"admin", "auditor", "custodian", "lay_reviewer", "output_checker", "researcher"}
}
