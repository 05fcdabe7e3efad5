package tre.data.snapshot_test

import data.given_test as given

stranger := object.union(given.actor, {"member_of": []})

test_members_and_those_responsible_see_it if {
	given.allowed("data.snapshot.view", given.actor, given.snapshot)
	given.allowed("data.snapshot.view", given.process("timer"), given.snapshot)
	every role in ["admin", "auditor", "custodian"] {
		given.allowed("data.snapshot.view", given.holding(role), given.snapshot)
	}
	given.refused("data.snapshot.view", stranger, given.snapshot) == {"data.snapshot.not_visible"}
}

test_an_admin_or_our_own_process_asks_for_one if {
	given.allowed("data.snapshot.request", given.holding("admin"), given.snapshot)
	given.allowed("data.snapshot.request", given.process("timer"), given.snapshot)
	given.refused("data.snapshot.request", given.actor, given.snapshot) == {"people.role.admin_needed"}
}

test_only_the_broker_builds_and_removes if {
	every action in ["data.snapshot.build", "data.snapshot.remove"] {
		given.allowed(action, given.process("broker"), given.snapshot)
		given.refused(action, given.process("timer"), given.snapshot) == {"data.snapshot.broker_only"}
		given.refused(action, given.holding("admin"), given.snapshot) == {"data.snapshot.broker_only"}
	}
}

test_without_approval_nothing_is_built_but_everything_removed if {
	suspended := object.union(given.snapshot, {"project_state": "suspended"})
	given.refused("data.snapshot.build", given.process("broker"), suspended) == {"projects.project.not_approved"}
	given.refused("data.snapshot.request", given.holding("admin"), suspended) == {"projects.project.not_approved"}
	given.allowed("data.snapshot.remove", given.process("broker"), suspended)
}
