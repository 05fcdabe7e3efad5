# METADATA
# title: Training
# description: Who may record training.
package tre.people.training

facts := {"record": "person"}

objections := {"record": {"people.training.not_yours"}}

# METADATA
# title: One's own training
lifted contains "people.training.not_yours" if input.facts.person_id == input.actor.person_id
