package tre.sessions.workspace_test

import data.given_test as given

with_(changes) := object.union(given.workspace, changes)

refusal(changes) := given.refused("sessions.workspace.open", given.actor, with_(changes))

test_a_member_in_good_standing_opens_and_keeps if {
	given.allowed("sessions.workspace.open", given.actor, given.workspace)
	given.allowed("sessions.workspace.keep", given.actor, given.workspace)
	given.allowed("sessions.workspace.keep", object.union(given.actor, {"proved_by": "system"}), given.workspace)
}

test_each_reason_by_itself if {
	refusal({"project_state": "suspended"}) == {"projects.project.suspended"}
	refusal({"project_state": "closed"}) == {"projects.project.not_approved"}
	refusal({"members": ["esme"]}) == {"projects.project.not_member"}
	refusal({"ends_on": "2026-11-22"}) == {"projects.project.ended"}
	refusal({"ends_on": ""}) == {"projects.project.ended"}
	refusal({"snapshot_state": "building"}) == {"data.snapshot.not_ready"}
	refusal({"standing": {"training_expires_on": "2026-11-22"}}) == {"people.training.expired"}
	refusal({"standing": {"terms_signed": "1"}}) == {"people.terms.outdated"}
	refusal({"standing": {"is_active": false}}) == {"people.person.stopped"}
	refusal({"person_id": "esme"}) == {"sessions.workspace.not_in_own_name"}
}

test_all_reasons_at_once if {
	reasons := refusal({"project_state": "submitted", "snapshot_state": "", "standing": {"terms_signed": ""}})
	reasons == {"projects.project.not_approved", "data.snapshot.not_ready", "people.terms.not_signed"}
}

test_an_admin_does_not_open_a_workspace if {
	"people.role.researcher_needed" in given.refused("sessions.workspace.open", given.holding("admin"), given.workspace)
}

test_the_last_day_is_a_day_of_access if {
	given.allowed("sessions.workspace.open", given.actor, with_({"ends_on": "2026-11-23"}))
}

test_a_workspace_is_kept_while_a_newer_snapshot_is_built if {
	every state in ["ready", "requested", "building", "failed"] {
		given.allowed("sessions.workspace.keep", given.actor, with_({"snapshot_state": state}))
	}
	gone := with_({"snapshot_state": "removed"})
	given.refused("sessions.workspace.keep", given.actor, gone) == {"data.snapshot.removed"}
}

limits(changes) := answer.obligations if {
	answer := data.gate.decision with input as given.question("sessions.workspace.open", given.actor, with_(changes))
}

test_limits_end_with_the_project_or_the_training if {
	limits({}) == {"hours": 12, "lapses_on": "2027-03-01"}
	limits({"ends_on": "2027-01-31"}) == {"hours": 12, "lapses_on": "2027-01-31"}
	limits({"project_state": "closed"}) == {}
}

test_the_person_an_admin_and_our_own_process_stop_and_see if {
	every action in ["sessions.workspace.stop", "sessions.workspace.view"] {
		given.allowed(action, given.actor, given.workspace)
		given.allowed(action, given.holding("admin"), given.workspace)
		given.allowed(action, given.process("timer"), given.workspace)
		other := object.union(given.actor, {"person_id": "esme"})
		given.refused(action, other, given.workspace) == {"sessions.workspace.not_yours"}
	}
}

test_an_admin_watches if {
	given.allowed("sessions.workspace.watch", given.holding("admin"), {})
	given.refused("sessions.workspace.watch", given.actor, {}) == {"people.role.admin_needed"}
}
