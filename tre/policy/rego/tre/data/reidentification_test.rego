package tre.data.reidentification_test

import data.given_test as given

gwen := given.at_the_broker("gwen", "custodian")

farah := given.at_the_broker("farah", "admin")

asked := object.union(given.reidentification, {"approved_by": ""})

test_custodians_and_admins_ask_see_and_refuse if {
	every verb in ["ask", "view", "refuse"] {
		action := sprintf("data.reidentification.%s", [verb])
		given.allowed(action, gwen, asked)
		given.allowed(action, farah, asked)
		given.refused(action, given.at_the_broker("amina", "researcher"), asked) == {"data.reidentification.not_responsible"}
	}
}

test_nothing_of_it_is_done_over_the_web if {
	every verb in ["ask", "view", "approve", "refuse", "read"] {
		action := sprintf("data.reidentification.%s", [verb])
		given.refused(action, given.holding("admin"), asked) == {"people.command_line.needed"}
		given.refused(action, given.process("broker"), asked) == {"people.command_line.needed"}
	}
	given.refused("projects.project.view", farah, given.project) == {"people.sign_in.needed"}
}

test_another_approves_who_is_not_of_the_project if {
	given.allowed("data.reidentification.approve", farah, asked)
	given.refused("data.reidentification.approve", gwen, asked) == {"data.reidentification.own_request"}
	of_it := object.union(asked, {"members": ["amina", "farah"]})
	given.refused("data.reidentification.approve", farah, of_it) == {"data.reidentification.own_project"}
}

test_no_more_in_a_day_than_is_set if {
	over := object.union(given.reidentification, {"asked_lately": 5})
	given.refused("data.reidentification.ask", gwen, over) == {"data.reidentification.over_rate"}
	given.refused("data.reidentification.approve", farah, over) == {"data.reidentification.over_rate"}
	given.refused("data.reidentification.answer", given.process("broker"), over) == {"data.reidentification.over_rate"}
}

test_only_the_broker_answers_and_only_after_two if {
	given.allowed("data.reidentification.answer", given.process("broker"), given.reidentification)
	given.refused("data.reidentification.answer", given.process("timer"), given.reidentification) == {"data.reidentification.broker_only"}
	every changed in [{"approved_by": ""}, {"approved_by": "gwen"}, {"asked_by": ""}, {"approved_by": "amina"}] {
		facts := object.union(given.reidentification, changed)
		given.refused("data.reidentification.answer", given.process("broker"), facts) == {"data.reidentification.not_two"}
	}
}

test_the_broker_gives_up_what_cannot_be_answered if {
	alone := object.union(given.reidentification, {"approved_by": "", "asked_lately": 9})
	given.allowed("data.reidentification.give_up", given.process("broker"), alone)
	given.refused("data.reidentification.give_up", given.process("timer"), alone) == {"data.reidentification.broker_only"}
}

test_the_two_read_the_answer if {
	given.allowed("data.reidentification.read", gwen, given.reidentification)
	given.allowed("data.reidentification.read", farah, given.reidentification)
	given.refused("data.reidentification.read", given.at_the_broker("cara", "custodian"), given.reidentification) == {"data.reidentification.not_of_the_two"}
}
