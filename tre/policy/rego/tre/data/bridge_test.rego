package tre.data.bridge_test

import data.given_test as given

gwen := given.at_the_broker("gwen", "custodian")

farah := given.at_the_broker("farah", "admin")

broker := given.process("broker")

asked := object.union(given.bridge, {"agreed": []})

in_role(role) := object.union(asked, {"agree_as": role})

test_custodians_and_admins_ask_see_and_refuse if {
	every verb in ["ask", "view", "refuse"] {
		action := sprintf("data.bridge.%s", [verb])
		given.allowed(action, gwen, asked)
		given.allowed(action, farah, asked)
		given.refused(action, given.at_the_broker("amina", "researcher"), asked) == {"data.bridge.not_responsible"}
		given.refused(action, given.holding("admin"), asked) == {"people.command_line.needed"}
	}
}

test_one_agrees_in_a_role_that_is_held if {
	given.allowed("data.bridge.agree", gwen, in_role("custodian"))
	given.allowed("data.bridge.agree", farah, in_role("admin"))
	given.refused("data.bridge.agree", gwen, in_role("admin")) == {"data.bridge.not_in_role"}
	given.refused("data.bridge.agree", farah, in_role("custodian")) == {"data.bridge.not_in_role"}
	given.refused("data.bridge.agree", farah, in_role("")) == {"data.bridge.not_in_role"}
	given.refused("data.bridge.agree", given.at_the_broker("hugo", "custodian"), in_role("custodian")) == {"data.bridge.not_in_role"}
}

test_one_person_agrees_once_and_to_nothing_of_their_own if {
	twice := object.union(in_role("admin"), {"agreed": ["custodian:farah"]})
	given.refused("data.bridge.agree", farah, twice) == {"data.bridge.agreed_already"}
	given.refused("data.bridge.agree", farah, object.union(in_role("admin"), {"asked_by": "farah"})) == {"data.bridge.own_request"}
	given.refused("data.bridge.agree", farah, object.union(in_role("admin"), {"members": ["farah"]})) == {"data.bridge.own_project"}
}

test_only_the_broker_lays_it_and_takes_it_away if {
	every verb in ["lay", "take_away"] {
		action := sprintf("data.bridge.%s", [verb])
		given.allowed(action, broker, given.bridge)
		given.refused(action, given.process("timer"), given.bridge) == {"data.bridge.broker_only"}
		given.refused(action, given.holding("admin"), given.bridge) == {"data.bridge.broker_only"}
	}
}

test_it_is_laid_only_after_two_different_people_agreed if {
	every agreed in [
		[],
		["custodian:gwen"],
		["admin:farah"],
		["custodian:gwen", "admin:gwen"],
		["custodian:amina", "admin:farah"],
		["custodian:gwen", "admin:ben"],
	] {
		given.refused("data.bridge.lay", broker, object.union(given.bridge, {"agreed": agreed})) == {"data.bridge.not_two"}
	}
}

test_it_ends if {
	last := object.union(given.bridge, {"ends_on": given.today})
	given.allowed("data.bridge.lay", broker, last)
	every day in ["2026-11-22", ""] {
		over := object.union(given.bridge, {"ends_on": day})
		given.refused("data.bridge.lay", broker, over) == {"data.bridge.ended"}
		given.refused("data.bridge.ask", gwen, over) == {"data.bridge.ended"}
		given.refused("data.bridge.agree", farah, object.union(in_role("admin"), {"ends_on": day})) == {"data.bridge.ended"}
	}
	given.allowed("data.bridge.take_away", broker, object.union(given.bridge, {"ends_on": "2026-11-22"}))
}

test_both_projects_are_approved_and_two if {
	every field in ["source_state", "target_state"] {
		stopped := object.union(given.bridge, {field: "suspended"})
		given.refused("data.bridge.lay", broker, stopped) == {"data.bridge.not_approved"}
		given.refused("data.bridge.ask", gwen, stopped) == {"data.bridge.not_approved"}
	}
	one := object.union(given.bridge, {"target_id": "p-aaaaaa"})
	given.refused("data.bridge.ask", gwen, one) == {"data.bridge.same_project"}
	given.refused("data.bridge.lay", broker, one) == {"data.bridge.same_project"}
}
