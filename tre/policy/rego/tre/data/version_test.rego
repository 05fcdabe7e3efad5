package tre.data.version_test

import data.given_test as given

gwen := object.union(given.holding("custodian"), {"person_id": "gwen"})

signed := object.union(given.version, {"signed_by": ["gwen"], "state": "signed"})

by_process := object.union(given.version, {"loaded_by": "system:command-line"})

test_those_responsible_see_the_report_and_may_refuse if {
	every action in ["data.version.view", "data.version.refuse"] {
		every role in ["admin", "custodian"] {
			given.allowed(action, given.holding(role), given.version)
		}
		given.refused(action, given.actor, given.version) == {"data.version.not_responsible"}
		given.refused(action, given.holding("auditor"), given.version) == {"data.version.not_responsible"}
	}
}

test_the_loader_signs_first_and_once if {
	given.allowed("data.version.sign", gwen, given.version)
	given.refused("data.version.sign", gwen, signed) == {"data.version.signed_already"}
	given.refused("data.version.sign", given.holding("admin"), given.version) == {"data.version.not_loader"}
	given.refused("data.version.sign", given.holding("custodian"), given.version) == {"data.version.not_loader"}
	no_role := object.union(gwen, {"roles": []})
	given.refused("data.version.sign", no_role, given.version) == {"data.version.not_loader"}
}

test_for_a_process_of_ours_the_datasets_custodian_signs if {
	given.allowed("data.version.sign", gwen, by_process)
	given.refused("data.version.sign", given.holding("custodian"), by_process) == {"data.version.not_loader"}
	given.refused("data.version.sign", given.process("command-line"), by_process) == {"data.version.not_loader"}
}

test_another_person_accepts if {
	given.allowed("data.version.accept", given.holding("admin"), signed)
	given.allowed("data.version.accept", given.holding("custodian"), signed)
	given.refused("data.version.accept", gwen, signed) == {"data.version.own_load"}
	given.refused("data.version.accept", given.actor, signed) == {"data.version.not_responsible"}
	given.refused("data.version.accept", given.process("broker"), signed) == {"data.version.not_responsible"}
}

test_nobody_signs_twice if {
	twice := object.union(by_process, {"signed_by": ["gwen"], "state": "signed"})
	given.refused("data.version.accept", gwen, twice) == {"data.version.own_load"}
	given.refused("data.version.sign", gwen, twice) == {"data.version.signed_already"}
	not_loader := object.union(signed, {"loaded_by": "ines", "signed_by": ["gwen"]})
	given.refused("data.version.accept", gwen, not_loader) == {"data.version.own_load"}
}
