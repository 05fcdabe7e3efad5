# METADATA
# title: Person
# description: Who may see a person's page and the list of persons, and who may stop a person's access.
package tre.people.person

import data.tre.caller

facts := {"view": "person", "list": "none", "stop": "person", "reinstate": "person"}

objections := {
	"view": {"people.person.not_yours"},
	"list": {"people.role.auditor_needed"},
	"stop": {"people.person.own", "people.role.admin_needed"},
	"reinstate": {"people.person.own", "people.role.admin_needed"},
}

# METADATA
# title: The person themself, an admin or an auditor
# description: Also the rule of the list of persons.
is_visible if input.facts.person_id == input.actor.person_id

is_visible if may_list

may_list if "people.role.auditor_needed" in caller.lifted

# METADATA
# title: The person themself, an admin or an auditor
lifted contains "people.person.not_yours" if is_visible

# METADATA
# title: Another person's access
# description: Nobody stops themself by mistake, nor lets themself in again.
lifted contains "people.person.own" if {
	input.facts.person_id != ""
	input.facts.person_id != input.actor.person_id
}
