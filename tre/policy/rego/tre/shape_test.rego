package tre.shape_test

import data.given_test as given
import data.tre.shape

test_a_whole_question_is_well_formed if {
	shape.is_question with input as given.question("projects.project.view", given.actor, given.project)
}

test_today_and_now_must_be_the_same_day if {
	whole := given.question("projects.project.view", given.actor, given.project)
	every day in ["2026-11-24", "2026-11-2", "", null, 20261123, "2026-13-01", "2026-11-32"] {
		not shape.is_question with input as object.union(whole, {"today": day})
	}
}

test_roles_are_text if {
	who := object.union(given.actor, {"roles": ["admin", 7]})
	not shape.is_question with input as given.question("projects.project.view", who, given.project)
}

test_facts_must_be_whole if {
	every field in object.keys(given.project) {
		every facts in [
			object.remove(given.project, {field}),
			object.union(given.project, {field: null}),
			object.union(given.project, {"other": 1}),
		] {
			not shape.fits("project") with input as {"facts": facts}
		}
	}
}

test_a_standing_must_be_whole if {
	every field in object.keys(given.standing) {
		facts := json.patch(given.workspace, [{"op": "remove", "path": sprintf("/standing/%s", [field])}])
		not shape.fits("workspace") with input as {"facts": facts}
	}
}

test_days_are_written_as_days if {
	shape.fits("workspace") with input as {"facts": object.union(given.workspace, {"ends_on": ""})}
	not shape.fits("workspace") with input as {"facts": object.union(given.workspace, {"ends_on": "soon"})}
	late := json.patch(given.workspace, [{"op": "replace", "path": "/standing/training_expires_on", "value": "9"}])
	not shape.fits("workspace") with input as {"facts": late}
}

test_there_is_no_unknown_kind_of_facts if {
	not shape.fits("anything") with input as {"facts": {}}
}
