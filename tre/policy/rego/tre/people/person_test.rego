package tre.people.person_test

import data.given_test as given

other := {"person_id": "ben", "role": ""}

test_ones_own_page if {
	given.allowed("people.person.view", given.actor, given.person)
	given.refused("people.person.view", given.actor, other) == {"people.person.not_yours"}
}

test_admins_and_auditors_see_and_list_everyone if {
	every role in ["admin", "auditor"] {
		given.allowed("people.person.view", given.holding(role), other)
		given.allowed("people.person.list", given.holding(role), {})
	}
	given.refused("people.person.list", given.actor, {}) == {"people.role.auditor_needed"}
}
