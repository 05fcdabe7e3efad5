package tre.data.opt_outs_test

import data.given_test as given

gwen := object.union(given.holding("custodian"), {"person_id": "gwen"})

listed := {"custodians": ["gwen", "olga"]}

test_those_responsible_see_the_lists if {
	every role in ["admin", "auditor", "custodian"] {
		given.allowed("data.opt_outs.view", given.holding(role), {})
	}
	given.allowed("data.opt_outs.view", given.process("timer"), {})
	given.refused("data.opt_outs.view", given.actor, {}) == {"data.opt_outs.not_visible"}
}

test_a_custodian_of_the_data_and_our_own_process_load if {
	given.allowed("data.opt_outs.load", gwen, listed)
	given.allowed("data.opt_outs.load", given.process("command-line"), listed)
	every who in [given.actor, given.holding("custodian"), given.holding("admin"), object.union(gwen, {"roles": []})] {
		given.refused("data.opt_outs.load", who, listed) == {"data.opt_outs.not_custodian"}
	}
}

test_its_custodian_exempts_with_a_reason_where_the_list_allows_it if {
	given.allowed("data.opt_outs.exempt", gwen, given.exemption)
	changed(gwen, {"is_reasoned": false}) == {"data.opt_outs.no_reason"}
	changed(gwen, {"may_be_exempted": false}) == {"data.opt_outs.never_exempt"}
	changed(gwen, {"custodian_id": "olga"}) == {"data.opt_outs.not_custodian"}
	changed(gwen, {"members": ["amina", "gwen"]}) == {"data.opt_outs.own_project"}
	changed(object.union(gwen, {"member_of": ["p-aaaaaa"]}), {}) == {"data.opt_outs.own_project"}
}

test_no_process_and_no_admin_exempts if {
	every who in [given.process("command-line"), given.process("broker"), given.holding("admin")] {
		changed(who, {}) == {"data.opt_outs.not_custodian"}
	}
}

test_its_custodian_ends_an_exemption if {
	given.allowed("data.opt_outs.honour", gwen, given.exemption)
	given.refused("data.opt_outs.honour", given.holding("admin"), given.exemption) == {"data.opt_outs.not_custodian"}
	given.refused("data.opt_outs.honour", given.process("timer"), given.exemption) == {"data.opt_outs.not_custodian"}
}

changed(who, changes) := given.refused("data.opt_outs.exempt", who, object.union(given.exemption, changes))
