package tre.outputs.request_test

import data.given_test as given

with_(changes) := object.union(given.request, changes)

outsider := object.union(given.actor, {"person_id": "ben", "member_of": []})

test_members_and_checkers_see_it if {
	given.allowed("outputs.request.view", given.actor, given.request)
	given.allowed("outputs.request.view", given.holding("output_checker"), given.request)
	given.refused("outputs.request.view", outsider, given.request) == {"outputs.request.not_visible"}
	unknown := with_({"state": "draft"})
	given.refused("outputs.request.view", given.holding("output_checker"), unknown) == {"outputs.request.not_visible"}
}

test_a_member_submits_in_their_own_name_also_from_a_workspace if {
	given.allowed("outputs.request.submit", given.actor, given.request)
	given.allowed("outputs.request.submit", object.union(given.actor, {"proved_by": "session"}), given.request)
	esme := with_({"requester_id": "esme"})
	given.refused("outputs.request.submit", given.actor, esme) == {"outputs.request.not_requester"}
	gone := with_({"members": ["esme"]})
	given.refused("outputs.request.submit", given.actor, gone) == {"projects.project.not_member"}
	suspended := with_({"project_state": "suspended"})
	given.refused("outputs.request.submit", given.actor, suspended) == {"projects.project.not_approved"}
}

test_the_requester_withdraws if {
	given.allowed("outputs.request.withdraw", given.actor, given.request)
	given.refused("outputs.request.withdraw", outsider, given.request) == {"outputs.request.not_requester"}
}
