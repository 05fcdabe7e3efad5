# METADATA
# title: Terms
# description: Who may sign the terms of use.
package tre.people.terms

facts := {"sign": "person"}

objections := {"sign": {"people.terms.not_yours"}}

# METADATA
# title: In one's own name
lifted contains "people.terms.not_yours" if input.facts.person_id == input.actor.person_id
