# METADATA
# title: The form of a question
# description: >-
#   Which fields a question has and of which type, checked before any rule reads them. Fields are exactly those of the
#   facts that the services build: one missing, one too many or one of another type makes the question malformed.
package tre.shape

kinds := {
	"dataset": {"dataset_id": "text", "custodian_id": "text"},
	"none": {},
	"person": {"person_id": "text", "role": "text"},
	"project": {
		"project_id": "text", "state": "text", "lead_id": "text", "members": "texts", "custodians": "texts",
		"ends_on": "date", "decided": "texts", "decision_as": "text", "is_complete": "flag", "standing": "standing",
	},
	"request": {
		"request_id": "text", "project_id": "text", "project_state": "text", "requester_id": "text", "state": "text",
		"members": "texts", "voted": "texts", "is_intact": "flag", "release_right": "texts",
	},
	"snapshot": {"project_id": "text", "project_state": "text", "state": "text"},
	"standing": {"training_expires_on": "date", "terms_signed": "text", "terms_current": "text", "is_active": "flag"},
	"workspace": {
		"project_id": "text", "project_state": "text", "members": "texts", "ends_on": "date", "person_id": "text",
		"snapshot_state": "text", "standing": "standing",
	},
}

actor := {"person_id": "text", "roles": "texts", "member_of": "texts", "proved_by": "text"}

# METADATA
# title: A well-formed question, its facts aside
is_question if {
	is_string(input.action)
	has_fields(input.actor, actor)
	is_kind(input.today, "day")
	is_string(input.now)
	startswith(input.now, concat("", [input.today, "T"]))
}

# METADATA
# title: Facts of the named kind
fits(facts, kind) if {
	fields := kinds[kind]
	object.keys(facts) == object.keys(fields)
	every field, type in fields {
		is_part(facts[field], type)
	}
}

is_part(value, "standing") if has_fields(value, kinds.standing)

is_part(value, type) if is_kind(value, type)

has_fields(value, fields) if {
	object.keys(value) == object.keys(fields)
	every field, type in fields {
		is_kind(value[field], type)
	}
}

is_kind(value, "text") if is_string(value)

is_kind(value, "flag") if is_boolean(value)

is_kind(value, "texts") if {
	is_array(value)
	every one in value {
		is_string(one)
	}
}

is_kind("", "date")

is_kind(value, "date") if is_day(value)

is_kind(value, "day") if is_day(value)

# Days are compared as text, which is right only where every one is written the same way.
is_day(value) if {
	is_string(value)
	regex.match(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`, value)
}
