package tre.outputs.file_test

import data.given_test as given

released := object.union(given.request, {"state": "released"})

test_checkers_from_outside_look if {
	given.allowed("outputs.file.view", given.holding("output_checker"), given.request)
}

test_a_member_with_the_right_looks_once_it_is_released if {
	given.allowed("outputs.file.view", given.actor, released)
	given.refused("outputs.file.view", given.actor, given.request) == {"outputs.file.not_visible"}
	without_right := object.union(released, {"release_right": []})
	given.refused("outputs.file.view", given.actor, without_right) == {"outputs.file.not_visible"}
}

test_others_do_not if {
	given.refused("outputs.file.view", given.holding("admin"), given.request) == {"outputs.file.not_visible"}
	of_project := object.union(given.holding("output_checker"), {"member_of": ["p-aaaaaa"]})
	given.refused("outputs.file.view", of_project, given.request) == {"outputs.file.not_visible"}
}
