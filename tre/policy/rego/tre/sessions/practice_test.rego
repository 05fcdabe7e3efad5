package tre.sessions.practice_test

import data.given_test as given

practice := object.union(given.workspace, {
	"project_id": "practice", "project_state": "", "members": [], "ends_on": "", "snapshot_state": "ready",
	"standing": {"training_expires_on": "", "terms_signed": "", "terms_current": "2", "is_active": true},
})

with_(changes) := object.union(practice, changes)

test_anyone_signed_in_practises_without_training_or_role if {
	nobody_special := object.union(given.actor, {"roles": [], "member_of": []})
	every action in ["sessions.practice.open", "sessions.practice.keep"] {
		given.allowed(action, nobody_special, practice)
	}
}

test_each_reason_by_itself if {
	every reason, changes in {
		"people.person.stopped": {"standing": {"is_active": false}},
		"sessions.workspace.not_in_own_name": {"person_id": "esme"},
		"data.twin.not_ready": {"snapshot_state": "none"},
		"sessions.practice.not_practice": {"project_id": "p-aaaaaa"},
	} {
		given.refused("sessions.practice.open", given.actor, with_(changes)) == {reason}
	}
}

test_a_projects_workspace_is_not_opened_as_practice if {
	given.refused("sessions.practice.open", given.actor, given.workspace) == {"sessions.practice.not_practice"}
	members := with_({"members": ["amina"]})
	given.refused("sessions.practice.open", given.actor, members) == {"sessions.practice.not_practice"}
	"projects.project.not_approved" in given.refused("sessions.workspace.open", given.actor, practice)
}

test_it_is_kept_though_the_data_is_made_anew if {
	given.allowed("sessions.practice.keep", given.actor, with_({"snapshot_state": "none"}))
	stopped := with_({"standing": {"is_active": false}})
	given.refused("sessions.practice.keep", given.actor, stopped) == {"people.person.stopped"}
}

test_it_lasts_a_working_day if {
	answer := data.gate.decision with input as given.question("sessions.practice.open", given.actor, practice)
	answer.obligations == {"hours": 12}
}

test_from_inside_a_workspace_none_is_opened if {
	inside := object.union(given.actor, {"proved_by": "session"})
	given.refused("sessions.practice.open", inside, practice) == {"people.sign_in.needed"}
}

test_the_timer_keeps_it_in_the_name_of_its_person if {
	given.allowed("sessions.practice.keep", object.union(given.actor, {"proved_by": "session"}), practice)
}
