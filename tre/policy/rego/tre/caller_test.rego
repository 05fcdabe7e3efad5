package tre.caller_test

import data.given_test as given
import data.tre.caller

asked_by(who) := given.question("projects.project.view", who, given.project)

test_a_person_is_signed_in_by_signing_in_or_in_a_workspace if {
	every proof in ["sign-in", "session", "system"] {
		caller.is_signed_in with input as asked_by(object.union(given.actor, {"proved_by": proof}))
	}
	not caller.is_signed_in with input as asked_by(object.union(given.actor, {"proved_by": "nobody"}))
	not caller.is_signed_in with input as asked_by(object.union(given.actor, {"proved_by": "anything"}))
}

test_a_process_needs_all_three_marks if {
	process := given.process("timer")
	caller.is_system with input as asked_by(process)
	not caller.is_system with input as asked_by(object.union(process, {"person_id": "amina"}))
	not caller.is_system with input as asked_by(object.union(process, {"proved_by": "sign-in"}))
	not caller.is_system with input as asked_by(object.union(process, {"roles": ["admin"]}))
}

test_only_the_broker_is_the_broker if {
	caller.is_broker with input as asked_by(given.process("broker"))
	not caller.is_broker with input as asked_by(given.process("timer"))
}

test_a_workspace_may_ask_only_what_is_listed if {
	inside := object.union(given.actor, {"proved_by": "session"})
	caller.proof_serves with input as given.question("outputs.request.submit", inside, given.request)
	not caller.proof_serves with input as given.question("outputs.review.vote", inside, given.request)
	not caller.proof_serves with input as given.question("outputs.release.download", inside, given.request)
}

test_roles_lift_their_own_objections_only if {
	lifts := {
		"admin": {"people.role.admin_needed", "people.role.auditor_needed"},
		"auditor": {"people.role.auditor_needed"},
		"researcher": {"people.role.researcher_needed"},
		"output_checker": {"people.role.checker_needed"},
		"custodian": set(),
	}
	every role, codes in lifts {
		lifted := caller.lifted with input as asked_by(given.holding(role))
		lifted == codes | {"people.not_signed_in"}
	}
}
