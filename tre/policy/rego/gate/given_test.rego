# METADATA
# title: What tests start from
# description: Well-formed questions that are answered with a yes; each test changes what it is about.
package given_test

today := "2026-11-23"

actor := {"person_id": "amina", "roles": ["researcher"], "member_of": ["p-aaaaaa"], "proved_by": "sign-in"}

holding(role) := object.union(actor, {"person_id": "farah", "roles": [role], "member_of": []})

process(part) := {"person_id": sprintf("system:%s", [part]), "roles": ["system"], "member_of": [], "proved_by": "system"}

standing := {"training_expires_on": "2027-03-01", "terms_signed": "2", "terms_current": "2", "is_active": true}

person := {"person_id": "amina", "role": ""}

project := {
	"project_id": "p-aaaaaa", "state": "submitted", "lead_id": "amina", "members": ["amina", "esme"],
	"custodians": ["gwen"], "ends_on": "2027-06-30", "decided": [], "decision_as": "", "is_yes": true, "is_assessed": true,
	"is_complete": true,
	"standing": standing,
}

snapshot := {"project_id": "p-aaaaaa", "project_state": "approved", "state": "ready", "custodians": ["gwen"]}

version := {
	"dataset_id": "nhanes", "custodian_id": "gwen", "loaded_by": "gwen", "signed_by": [], "state": "loaded",
}

reidentification := {
	"project_id": "p-aaaaaa", "members": ["amina", "esme"], "asked_by": "gwen", "approved_by": "farah", "asked_lately": 0,
	"most_a_day": 5,
}

bridge := {
	"source_id": "p-aaaaaa", "source_state": "approved", "target_id": "p-bbbbbb", "target_state": "approved",
	"members": ["amina", "ben"], "custodians": ["gwen"], "asked_by": "amina", "agreed": ["custodian:gwen", "admin:farah"],
	"agree_as": "", "ends_on": "2026-12-31",
}

at_the_broker(person, role) := object.union(actor, {
	"person_id": person, "roles": [role], "member_of": [], "proved_by": "command-line",
})

assessment := {"project_id": "p-aaaaaa", "project_state": "submitted", "custodians": ["gwen"]}

exemption := {
	"project_id": "p-aaaaaa", "custodian_id": "gwen", "members": ["amina", "esme"], "may_be_exempted": true,
	"is_reasoned": true,
}

workspace := {
	"project_id": "p-aaaaaa", "project_state": "approved", "members": ["amina", "esme"], "ends_on": "2027-06-30",
	"person_id": "amina", "snapshot_state": "ready", "standing": standing,
}

request := {
	"request_id": "r-aaaaaa", "project_id": "p-aaaaaa", "project_state": "approved", "requester_id": "amina",
	"state": "submitted", "members": ["amina", "esme"], "voted": [], "is_intact": true, "release_right": ["amina"],
}

question(action, who, facts) := {
	"action": action,
	"actor": who,
	"facts": facts,
	"now": "2026-11-23T09:00:00+00:00",
	"today": today,
}

allowed(action, who, facts) if {
	answer := data.gate.decision with input as question(action, who, facts)
	answer.allowed == true
	answer.reasons == set()
}

refused(action, who, facts) := answer.reasons if {
	answer := data.gate.decision with input as question(action, who, facts)
	answer.allowed == false
}
