# METADATA
# title: The form of a question
# description: >-
#   Which fields a question has and of which type, checked before any rule reads them. Fields are exactly those of the
#   facts that the services build: one missing, one too many or one of another type makes the question malformed.
package tre.shape

kinds := {
	"assessment": {"project_id": "string", "project_state": "string", "custodians": "array"},
	"bridge": {
		"source_id": "string", "source_state": "string", "target_id": "string", "target_state": "string",
		"members": "array", "custodians": "array", "asked_by": "string", "agreed": "array", "agree_as": "string",
		"ends_on": "string",
	},
	"dataset": {"dataset_id": "string", "custodian_id": "string"},
	"exemption": {
		"project_id": "string", "custodian_id": "string", "members": "array", "may_be_exempted": "boolean",
		"is_reasoned": "boolean",
	},
	"none": {},
	"person": {"person_id": "string", "role": "string"},
	"person_list": {"custodians": "array"},
	"project": {
		"project_id": "string", "state": "string", "lead_id": "string", "members": "array", "custodians": "array",
		"ends_on": "string", "decided": "array", "decision_as": "string", "is_yes": "boolean", "is_assessed": "boolean",
		"is_complete": "boolean", "standing": "object",
	},
	"reidentification": {
		"project_id": "string", "members": "array", "asked_by": "string", "approved_by": "string",
		"asked_lately": "number", "most_a_day": "number",
	},
	"request": {
		"request_id": "string", "project_id": "string", "project_state": "string", "requester_id": "string", "state": "string",
		"members": "array", "voted": "array", "is_intact": "boolean", "release_right": "array",
	},
	"snapshot": {"project_id": "string", "project_state": "string", "state": "string", "custodians": "array"},
	"version": {
		"dataset_id": "string", "custodian_id": "string", "loaded_by": "string", "signed_by": "array", "state": "string",
	},
	"workspace": {
		"project_id": "string", "project_state": "string", "members": "array", "ends_on": "string", "person_id": "string",
		"snapshot_state": "string", "standing": "object",
	},
}

actor := {"person_id": "string", "roles": "array", "member_of": "array", "proved_by": "string"}

standing := {
	"training_expires_on": "string", "terms_signed": "string", "terms_current": "string", "is_active": "boolean",
}

# METADATA
# title: A well-formed question, its facts aside
is_question if {
	is_string(input.action)
	types(input.actor) == actor
	elements(input.actor) - {"string"} == set()
	is_day(input.today)
	startswith(input.now, concat("", [input.today, "T"]))
}

# METADATA
# title: Facts of the named kind
# description: Every list holds text alone; a day that is given is written as one.
fits(kind) if {
	types(input.facts) == kinds[kind]
	elements(input.facts) - {"string"} == set()
	is_day_or_none(object.get(input.facts, "ends_on", ""))
	has_standing(kind)
}

has_standing(kind) if not kinds[kind].standing

has_standing(_) if {
	types(input.facts.standing) == standing
	is_day_or_none(input.facts.standing.training_expires_on)
}

types(value) := {field: type_name(one) | some field, one in value}

elements(value) := {type_name(one) | some list in value; is_array(list); some one in list}

is_day_or_none("")

is_day_or_none(value) if is_day(value)

# Days are compared as text, which is right only where every one is written the same way.
is_day(value) if regex.match(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`, value)
