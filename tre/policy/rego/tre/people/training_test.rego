package tre.people.training_test

import data.given_test as given

test_ones_own_training_only if {
	given.allowed("people.training.record", given.actor, given.person)
	given.refused("people.training.record", given.holding("admin"), given.person) == {"people.training.not_yours"}
}
