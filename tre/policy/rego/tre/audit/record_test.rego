package tre.audit.record_test

import data.given_test as given

test_admins_auditors_and_our_own_process_read_and_verify if {
	every action in ["audit.record.view", "audit.record.verify"] {
		given.allowed(action, given.holding("admin"), {})
		given.allowed(action, given.holding("auditor"), {})
		given.allowed(action, given.process("command-line"), {})
		given.refused(action, given.actor, {}) == {"people.role.auditor_needed"}
	}
}
