package tre.outputs.release_test

import data.given_test as given

with_(changes) := object.union(given.request, object.union({"state": "released"}, changes))

refusal(changes) := given.refused("outputs.release.download", given.actor, with_(changes))

test_a_member_with_the_right_downloads_what_is_released if {
	given.allowed("outputs.release.download", given.actor, with_({}))
	given.allowed("outputs.release.download", given.actor, with_({"project_state": "closed"}))
}

test_each_reason_by_itself if {
	refusal({"release_right": ["esme"]}) == {"outputs.release.no_right"}
	refusal({"state": "approved"}) == {"outputs.request.not_released"}
	refusal({"is_intact": false}) == {"outputs.file.altered"}
	refusal({"project_state": "suspended"}) == {"projects.project.suspended"}
}

test_not_from_inside_a_workspace if {
	inside := object.union(given.actor, {"proved_by": "session"})
	given.refused("outputs.release.download", inside, with_({})) == {"people.sign_in.needed"}
}
