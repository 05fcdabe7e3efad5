package gate_test

import data.given_test as given

question := given.question("projects.project.view", given.actor, given.project)

ask(changes) := answer if {
	answer := data.gate.decision with input as object.union(question, changes)
}

test_a_yes_has_no_reasons if {
	ask({}) == {"allowed": true, "reasons": set(), "obligations": {}}
}

test_nothing_asked_is_refused_as_malformed if {
	answer := data.gate.decision with input as {}
	answer == {"allowed": false, "reasons": {"policy.question.malformed"}, "obligations": {}}
}

test_unknown_actions_are_refused if {
	every action in ["", "projects", "projects.project", "projects.project.burn", "people.standing.lifted", "a.b.c"] {
		ask({"action": action}).reasons == {"policy.action.unknown"}
		ask({"action": action}).allowed == false
	}
}

test_nobody_is_told_to_sign_in_and_nothing_else if {
	ask({"actor": {"proved_by": "nobody"}}).reasons == {"people.not_signed_in"}
	ask({"actor": {"person_id": ""}}).reasons == {"people.not_signed_in"}
}

test_a_workspace_token_does_not_serve_for_decisions if {
	ask({"actor": {"proved_by": "session"}}).reasons == {"people.sign_in.needed"}
	ask({"actor": {"proved_by": "session"}}).allowed == false
}

test_facts_of_another_kind_are_malformed if {
	given.refused("projects.project.view", given.actor, given.snapshot) == {"policy.question.malformed"}
}

test_every_action_has_facts_and_objections if {
	some room, nouns in data.tre
	some noun, rules in nouns
	some verb, codes in rules.objections
	count(codes) > 0
	data.tre.shape.kinds[rules.facts[verb]]
}

test_lesser_reasons_are_not_told_beside_greater_ones if {
	without := object.union(given.project, {"standing": {"training_expires_on": "", "terms_signed": ""}})
	given.refused("projects.project.submit", given.actor, without) == {"people.training.missing", "people.terms.not_signed"}
}
