package tre.data.assessment_test

import data.given_test as given

gwen := object.union(given.holding("custodian"), {"person_id": "gwen"})

decided := object.union(given.assessment, {"project_state": "approved"})

test_sending_and_the_custodian_order_it if {
	given.allowed("data.assessment.order", given.process("submission"), given.assessment)
	given.allowed("data.assessment.order", gwen, given.assessment)
	every who in [given.actor, given.holding("admin"), given.holding("custodian")] {
		given.refused("data.assessment.order", who, given.assessment) == {"data.assessment.not_responsible"}
	}
}

test_the_broker_makes_it if {
	given.allowed("data.assessment.make", given.process("broker"), given.assessment)
	given.refused("data.assessment.make", given.process("timer"), given.assessment) == {"data.assessment.broker_only"}
	given.refused("data.assessment.make", gwen, given.assessment) == {"data.assessment.broker_only"}
}

test_there_is_no_report_on_what_is_decided if {
	given.refused("data.assessment.order", gwen, decided) == {"projects.project.not_submitted"}
	given.refused("data.assessment.make", given.process("broker"), decided) == {"projects.project.not_submitted"}
}
