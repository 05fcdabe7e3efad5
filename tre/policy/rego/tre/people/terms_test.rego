package tre.people.terms_test

import data.given_test as given

test_in_ones_own_name_only if {
	given.allowed("people.terms.sign", given.actor, given.person)
	given.refused("people.terms.sign", given.holding("admin"), given.person) == {"people.terms.not_yours"}
}
