# METADATA
# title: Practice on made-up data
# description: >-
#   Who may open and keep a workspace on a synthetic twin: anyone signed in whose access was not stopped, at once. It needs
#   no project, no approval and no training, because nothing in it is about anybody and nothing can be released from it.
package tre.sessions.practice

facts := {"open": "workspace", "keep": "workspace"}

objections := {
	"open": (needed | {"data.twin.not_ready"}),
	"keep": needed,
}

needed := {
	"people.person.stopped",
	"sessions.practice.not_practice",
	"sessions.workspace.not_in_own_name",
}

obligations := {"open": {"hours": 12}, "keep": {"hours": 12}}

# METADATA
# title: One's own workspace
lifted contains "sessions.workspace.not_in_own_name" if input.facts.person_id == input.actor.person_id

# METADATA
# title: On made-up data
# description: It is of no project; a project's workspace is never opened by this rule.
lifted contains "sessions.practice.not_practice" if {
	input.facts.project_id == "practice"
	input.facts.project_state == ""
	input.facts.members == []
}

# METADATA
# title: The made-up data is there
lifted contains "data.twin.not_ready" if input.facts.snapshot_state == "ready"
