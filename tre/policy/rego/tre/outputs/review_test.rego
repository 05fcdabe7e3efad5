package tre.outputs.review_test

import data.given_test as given

checker := given.holding("output_checker")

refusal(who, changes) := given.refused("outputs.review.vote", who, object.union(given.request, changes))

test_a_checker_from_outside_votes if {
	given.allowed("outputs.review.vote", checker, given.request)
	given.allowed("outputs.review.vote", checker, object.union(given.request, {"state": "in_review", "voted": ["dev"]}))
}

test_nobody_votes_on_their_own if {
	amina := object.union(checker, {"person_id": "amina"})
	refusal(amina, {}) == {"outputs.review.own_project", "outputs.review.own_request"}
	refusal(object.union(checker, {"person_id": "esme"}), {}) == {"outputs.review.own_project"}
	refusal(object.union(checker, {"member_of": ["p-aaaaaa"]}), {}) == {"outputs.review.own_project"}
	refusal(checker, {"requester_id": "farah"}) == {"outputs.review.own_request"}
	refusal(checker, {"requester_id": ""}) == {"outputs.review.own_request"}
}

test_each_other_reason_by_itself if {
	refusal(checker, {"voted": ["dev", "farah"]}) == {"outputs.review.already_voted"}
	refusal(checker, {"state": "released"}) == {"outputs.request.not_in_review"}
	refusal(checker, {"is_intact": false}) == {"outputs.file.altered"}
	refusal(given.holding("admin"), {}) == {"people.role.checker_needed"}
}
