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

test_an_admin_a_custodian_of_the_data_or_our_own_process_asks_for_one if {
	given.allowed("data.snapshot.request", given.holding("admin"), given.snapshot)
	gwen := object.union(given.holding("custodian"), {"person_id": "gwen"})
	given.allowed("data.snapshot.request", gwen, given.snapshot)
	others := object.union(given.snapshot, {"custodians": ["olga"]})
	given.refused("data.snapshot.request", gwen, others) == {"data.snapshot.not_responsible"}
	no_longer := object.union(given.actor, {"person_id": "gwen"})
	given.refused("data.snapshot.request", no_longer, given.snapshot) == {"data.snapshot.not_responsible"}
	given.allowed("data.snapshot.request", given.process("timer"), given.snapshot)
	given.refused("data.snapshot.request", given.actor, given.snapshot) == {"data.snapshot.not_responsible"}
}

test_only_our_own_process_retires_a_superseded_one if {
	given.allowed("data.snapshot.retire", given.process("timer"), given.snapshot)
	every role in ["admin", "custodian"] {
		given.refused("data.snapshot.retire", given.holding(role), given.snapshot) == {"data.snapshot.process_only"}
	}
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
