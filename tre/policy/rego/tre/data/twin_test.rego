package tre.data.twin_test

import data.given_test as given

nhanes := {"dataset_id": "nhanes", "custodian_id": "gwen"}

test_those_responsible_and_our_own_process_order_one if {
	every role in ["admin", "custodian"] {
		given.allowed("data.twin.order", given.holding(role), nhanes)
	}
	given.allowed("data.twin.order", given.process("command-line"), nhanes)
	given.refused("data.twin.order", given.actor, nhanes) == {"data.twin.not_responsible"}
}

test_only_the_broker_builds_one if {
	given.allowed("data.twin.build", given.process("broker"), nhanes)
	given.refused("data.twin.build", given.process("timer"), nhanes) == {"data.snapshot.broker_only"}
	given.refused("data.twin.build", given.holding("admin"), nhanes) == {"data.snapshot.broker_only"}
}
