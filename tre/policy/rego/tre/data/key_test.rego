package tre.data.key_test

import data.given_test as given

test_an_admin_orders_a_rotation_at_the_brokers_command_line_alone if {
	given.allowed("data.key.rotate", given.at_the_broker("farah", "admin"), {})
	given.refused("data.key.rotate", given.at_the_broker("gwen", "custodian"), {}) == {"people.role.admin_needed"}
	given.refused("data.key.rotate", given.holding("admin"), {}) == {"people.command_line.needed"}
	given.refused("data.key.rotate", given.process("broker"), {}) == {"people.command_line.needed"}
}

test_custodians_and_admins_see_the_versions_at_the_brokers_command_line_alone if {
	given.allowed("data.key.view", given.at_the_broker("farah", "admin"), {})
	given.allowed("data.key.view", given.at_the_broker("gwen", "custodian"), {})
	given.refused("data.key.view", given.at_the_broker("amina", "researcher"), {}) == {"data.key.not_responsible"}
	given.refused("data.key.view", given.holding("admin"), {}) == {"people.command_line.needed"}
}

test_the_broker_makes_it if {
	given.allowed("data.key.renew", given.process("broker"), {})
	given.refused("data.key.renew", given.process("timer"), {}) == {"data.key.broker_only"}
	given.refused("data.key.renew", given.holding("admin"), {}) == {"data.key.broker_only"}
}
