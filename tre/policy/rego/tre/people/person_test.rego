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

test_an_admin_stops_and_reinstates_another if {
	every verb in ["stop", "reinstate"] {
		action := concat(".", ["people.person", verb])
		given.allowed(action, given.holding("admin"), {"person_id": "ben", "role": ""})
		given.refused(action, given.holding("admin"), {"person_id": "farah", "role": ""}) == {"people.person.own"}
		given.refused(action, given.holding("admin"), {"person_id": "", "role": ""}) == {"people.person.own"}
		given.refused(action, given.holding("auditor"), {"person_id": "ben", "role": ""}) == {"people.role.admin_needed"}
	}
}

test_not_from_inside_a_workspace if {
	inside := object.union(given.holding("admin"), {"proved_by": "session"})
	refused := given.refused("people.person.stop", inside, {"person_id": "ben", "role": ""})
	refused == {"people.sign_in.needed"}
}
