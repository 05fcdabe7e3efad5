# METADATA
# title: The gate
# description: >-
#   The one question that is asked of the policy. An action names its room, its noun and its verb; the noun's package lists
#   the objections to each verb, and lifts an objection only where a fact proves that it does not hold. A yes needs
#   every objection lifted; whatever is missing, null or of another type lifts nothing.
package gate

import data.tre.caller
import data.tre.shape

# METADATA
# title: The answer
# entrypoint: true
decision := {"allowed": allowed, "reasons": reasons, "obligations": obligations}

default allowed := false

# METADATA
# title: A yes
# description: The question is well formed, the caller known, the way of proving it accepted, and no objection is left.
allowed if {
	shape.is_question
	caller.is_signed_in
	caller.proof_serves
	shape.fits(kind_of_facts)
	count(objections) > 0
	left == set()
}

# METADATA
# title: Why not
# description: Collected apart from the yes; it can never turn a no into a yes.
reasons := set() if {
	allowed
} else := {"policy.question.malformed"} if {
	not shape.is_question
} else := {"policy.action.unknown"} if {
	not objections
} else := {"people.not_signed_in"} if {
	not caller.is_signed_in
} else := {caller.proof_needed} if {
	not caller.proof_serves
} else := {"policy.question.malformed"} if {
	not shape.fits(kind_of_facts)
} else := left - overshadowed

default obligations := {}

# METADATA
# title: What must be done with a yes
obligations := data.tre[asked[0]][asked[1]].obligations[asked[2]] if allowed

asked := split(input.action, ".")

objections := data.tre[asked[0]][asked[1]].objections[asked[2]]

kind_of_facts := data.tre[asked[0]][asked[1]].facts[asked[2]]

left := ((objections - caller.lifted) - data.tre.people.standing.lifted) - data.tre[asked[0]][asked[1]].lifted

# Someone who has no training at all need not also be told that it has expired.
overshadowed := {lesser | some greater in left; some lesser in data.tre.people.standing.overshadows[greater]}
