package tre.data.dataset_test

import data.given_test as given

nhanes := {"dataset_id": "nhanes", "custodian_id": "gwen"}

gwen := object.union(given.holding("custodian"), {"person_id": "gwen"})

test_everyone_signed_in_sees_the_catalogue if {
	given.allowed("data.dataset.view", given.actor, nhanes)
}

test_its_custodian_and_our_own_process_load if {
	given.allowed("data.dataset.load", gwen, nhanes)
	given.allowed("data.dataset.load", given.process("command-line"), nhanes)
	given.refused("data.dataset.load", given.holding("custodian"), nhanes) == {"data.dataset.not_custodian"}
	given.refused("data.dataset.load", object.union(gwen, {"roles": []}), nhanes) == {"data.dataset.not_custodian"}
}
