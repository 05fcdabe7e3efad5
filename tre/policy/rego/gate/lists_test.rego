package lists_test

import data.given_test as given
import data.lists

test_lists_hold_what_the_single_check_allows if {
	lists.projects_project_view with input as given.question("projects.project.view", given.actor, given.project)
	lists.outputs_request_view with input as given.question("outputs.request.view", given.actor, given.request)
	lists.people_person_view with input as given.question("people.person.view", given.actor, given.person)
	lists.people_person_list with input as given.question("people.person.list", given.holding("admin"), {})
}

test_nothing_is_listed_for_nobody if {
	nobody := object.union(given.actor, {"proved_by": "nobody"})
	not lists.projects_project_view with input as given.question("projects.project.view", nobody, given.project)
	not lists.outputs_request_view with input as given.question("outputs.request.view", nobody, given.request)
	not lists.people_person_view with input as given.question("people.person.view", nobody, given.person)
	not lists.people_person_list with input as given.question("people.person.list", nobody, {})
}

test_beside_a_list_stands_the_revision_and_nothing_without_a_bundle if {
	bundles := {"policy": {"manifest": {"revision": "r1"}}}
	lists.masks == {"policy": {"revision": "r1"}} with data.system.bundles as bundles
	not lists.masks with data.system.bundles as {}
}
