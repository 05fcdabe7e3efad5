# METADATA
# title: Person
# description: Who may see a person's page and the list of persons.
package tre.people.person

import data.tre.caller

facts := {"view": "person", "list": "none"}

objections := {
	"view": {"people.person.not_yours"},
	"list": {"people.role.auditor_needed"},
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
