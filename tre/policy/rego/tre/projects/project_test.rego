package tre.projects.project_test

import data.given_test as given

with_(changes) := object.union(given.project, changes)

gwen := object.union(given.holding("custodian"), {"person_id": "gwen"})

stranger := object.union(given.actor, {"person_id": "ben", "member_of": []})

test_the_lead_and_members_see_a_draft if {
	draft := with_({"state": "draft"})
	given.allowed("projects.project.view", given.actor, draft)
	given.allowed("projects.project.view", object.union(stranger, {"member_of": ["p-aaaaaa"]}), draft)
	given.allowed("projects.project.view", object.union(given.actor, {"member_of": []}), draft)
	given.refused("projects.project.view", stranger, draft) == {"projects.project.not_visible"}
}

test_those_who_decide_and_check_see_what_was_submitted if {
	every role in ["admin", "auditor", "custodian", "lay_reviewer", "output_checker"] {
		given.allowed("projects.project.view", given.holding(role), given.project)
		given.refused("projects.project.view", given.holding(role), with_({"state": "draft"}))
	}
	given.refused("projects.project.view", stranger, given.project) == {"projects.project.not_visible"}
}

test_the_lead_drafts if {
	given.allowed("projects.project.draft", given.actor, with_({"state": "draft", "is_complete": false}))
	given.refused("projects.project.draft", given.actor, given.project) == {"projects.project.not_draft"}
	given.refused("projects.project.draft", stranger, with_({"state": "draft"})) == {"projects.project.not_lead"}
	no_role := object.union(given.actor, {"roles": []})
	given.refused("projects.project.draft", no_role, with_({"state": "draft"})) == {"people.role.researcher_needed"}
}

test_the_lead_submits_what_is_complete if {
	given.allowed("projects.project.submit", given.actor, with_({"state": "draft"}))
	given.refused("projects.project.submit", given.actor, with_({"is_complete": false})) == {"projects.project.incomplete"}
	late := with_({"standing": {"training_expires_on": "2026-11-22"}})
	given.refused("projects.project.submit", given.actor, late) == {"people.training.expired"}
	given.refused("projects.project.submit", stranger, given.project) == {"projects.project.not_lead"}
}

test_custodian_admin_and_lay_reviewer_decide_in_their_role if {
	given.allowed("projects.project.decide", gwen, with_({"decision_as": "custodian"}))
	every role in ["admin", "lay_reviewer"] {
		given.allowed("projects.project.decide", given.holding(role), with_({"decision_as": role}))
	}
}

test_a_custodians_yes_comes_after_the_report if {
	early := {"decision_as": "custodian", "is_assessed": false}
	given.refused("projects.project.decide", gwen, with_(early)) == {"projects.decision.not_assessed"}
	given.allowed("projects.project.decide", gwen, with_(object.union(early, {"is_yes": false})))
	given.allowed("projects.project.decide", gwen, with_(object.union(early, {"is_assessed": true})))
	every role in ["admin", "lay_reviewer"] {
		given.allowed("projects.project.decide", given.holding(role), with_({"decision_as": role, "is_assessed": false}))
	}
}

test_nobody_decides_in_another_role if {
	refusal := {"projects.decision.not_in_role"}
	given.refused("projects.project.decide", given.holding("custodian"), with_({"decision_as": "custodian"})) == refusal
	given.refused("projects.project.decide", given.holding("admin"), with_({"decision_as": "lay_reviewer"})) == refusal
	given.refused("projects.project.decide", given.holding("output_checker"), with_({"decision_as": "output_checker"})) == refusal
	given.refused("projects.project.decide", gwen, given.project) == refusal
}

test_nobody_decides_on_their_own_project if {
	refusal := {"projects.decision.own_project"}
	admin := given.holding("admin")
	facts := with_({"decision_as": "admin"})
	given.refused("projects.project.decide", object.union(admin, {"person_id": "amina"}), facts) == refusal
	given.refused("projects.project.decide", object.union(admin, {"person_id": "esme"}), facts) == refusal
	given.refused("projects.project.decide", object.union(admin, {"member_of": ["p-aaaaaa"]}), facts) == refusal
	given.refused("projects.project.decide", admin, object.union(facts, {"lead_id": ""})) == refusal
}

test_nobody_decides_twice_in_whatever_role if {
	facts := with_({"decision_as": "admin", "decided": ["lay_reviewer:farah"]})
	given.refused("projects.project.decide", given.holding("admin"), facts) == {"projects.decision.already_made"}
	given.allowed("projects.project.decide", given.holding("admin"), object.union(facts, {"decided": ["custodian:gwen"]}))
	odd := object.union(facts, {"decided": ["farah"]})
	given.refused("projects.project.decide", given.holding("admin"), odd) == {"projects.decision.already_made"}
}

test_only_what_waits_is_decided if {
	facts := with_({"decision_as": "admin", "state": "approved"})
	given.refused("projects.project.decide", given.holding("admin"), facts) == {"projects.project.not_submitted"}
}

test_an_admin_suspends_resumes_and_closes if {
	every verb in ["suspend", "resume", "close"] {
		action := sprintf("projects.project.%s", [verb])
		given.allowed(action, given.holding("admin"), given.project)
		given.refused(action, given.actor, given.project) == {"people.role.admin_needed"}
	}
}
