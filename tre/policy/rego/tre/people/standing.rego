# METADATA
# title: Standing
# description: What a researcher must have in order, looked at anew for every act that needs it.
package tre.people.standing

# METADATA
# title: Not stopped
lifted contains "people.person.stopped" if input.facts.standing.is_active == true

# METADATA
# title: Training is recorded
lifted contains "people.training.missing" if input.facts.standing.training_expires_on != ""

# METADATA
# title: Training is in date
# description: Its last day is today or later.
lifted contains "people.training.expired" if input.facts.standing.training_expires_on >= input.today

# METADATA
# title: Terms are signed
lifted contains "people.terms.not_signed" if input.facts.standing.terms_signed != ""

# METADATA
# title: The terms signed are those in force
lifted contains "people.terms.outdated" if {
	input.facts.standing.terms_current != ""
	input.facts.standing.terms_signed == input.facts.standing.terms_current
}

# What a researcher's act needs.
needed := {
	"people.person.stopped",
	"people.role.researcher_needed",
	"people.terms.not_signed",
	"people.terms.outdated",
	"people.training.expired",
	"people.training.missing",
}

# The first says all that the second would: for the reasons only, never for the yes.
overshadows := {
	"people.terms.not_signed": {"people.terms.outdated"},
	"people.training.missing": {"people.training.expired"},
}
