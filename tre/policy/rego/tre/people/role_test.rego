package tre.people.role_test

import data.given_test as given

granting(role) := {"person_id": "ben", "role": role}

test_an_admin_grants_each_role_that_exists if {
	every role in ["admin", "auditor", "custodian", "lay_reviewer", "output_checker", "researcher"] {
		given.allowed("people.role.grant", given.holding("admin"), granting(role))
	}
	given.refused("people.role.grant", given.holding("admin"), granting("system")) == {"people.role.unknown"}
	given.refused("people.role.grant", given.holding("admin"), granting("")) == {"people.role.unknown"}
}

test_nobody_grants_a_role_to_themself if {
	own := {"person_id": "farah", "role": "output_checker"}
	given.refused("people.role.grant", given.holding("admin"), own) == {"people.role.own"}
}

test_our_own_process_grants_the_first if {
	given.allowed("people.role.grant", given.process("command-line"), granting("admin"))
}

test_others_do_not_grant if {
	given.refused("people.role.grant", given.actor, granting("admin")) == {"people.role.admin_needed"}
}
