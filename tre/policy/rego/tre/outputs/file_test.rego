package tre.outputs.file_test

import data.given_test as given

test_members_and_checkers_from_outside_look if {
	given.allowed("outputs.file.view", given.actor, given.request)
	given.allowed("outputs.file.view", given.holding("output_checker"), given.request)
}

test_others_do_not if {
	given.refused("outputs.file.view", given.holding("admin"), given.request) == {"outputs.file.not_visible"}
	of_project := object.union(given.holding("output_checker"), {"member_of": ["p-aaaaaa"]})
	given.refused("outputs.file.view", of_project, given.request) == {"outputs.file.not_visible"}
}
