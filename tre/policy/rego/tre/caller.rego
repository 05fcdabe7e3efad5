# METADATA
# title: The caller
# description: Who asks, how that was proved, and which roles are held. The same for every action.
package tre.caller

# METADATA
# title: Signed in
# description: A person who signed in or works in a workspace, or one of our own processes.
is_signed_in if {
	input.actor.person_id != ""
	input.actor.proved_by in {"sign-in", "session", "system", "command-line"}
}

# METADATA
# title: Our own process
# description: All three marks are needed, so that no role granted to a person can make a process of them.
is_system if {
	startswith(input.actor.person_id, "system:")
	input.actor.proved_by == "system"
	"system" in input.actor.roles
}

# METADATA
# title: The honest broker
is_broker if {
	is_system
	input.actor.person_id == "system:broker"
}

# What may be asked from inside a workspace, whose token a notebook's code can read: nothing that decides or releases.
through_workspace := {
	"data.snapshot.view",
	"outputs.request.submit",
	"outputs.request.view",
	"sessions.practice.keep",
	"sessions.workspace.keep",
	"sessions.workspace.view",
}

# What can be done at the broker's own command line alone: never over HTTP, whoever is signed in.
at_the_broker := {
	"data.bridge.agree",
	"data.bridge.ask",
	"data.bridge.refuse",
	"data.bridge.view",
	"data.key.rotate",
	"data.key.view",
	"data.reidentification.approve",
	"data.reidentification.ask",
	"data.reidentification.read",
	"data.reidentification.refuse",
	"data.reidentification.view",
}

# METADATA
# title: The proof serves for the act
# description: >-
#   Signing in serves for everything but what is done at the broker's command line, the account there for that alone; the
#   token of a workspace only for what is listed.
proof_serves if {
	input.actor.proved_by == "sign-in"
	not input.action in at_the_broker
}

proof_serves if {
	input.actor.proved_by == "system"
	not input.action in at_the_broker
}

proof_serves if {
	input.actor.proved_by == "command-line"
	input.action in at_the_broker
}

proof_serves if {
	input.actor.proved_by == "session"
	input.action in through_workspace
}

# METADATA
# title: Which proof the act needs
proof_needed := "people.command_line.needed" if {
	input.action in at_the_broker
} else := "people.sign_in.needed"

has_role(role) if role in input.actor.roles

has_one_of(roles) if {
	some role in input.actor.roles
	role in roles
}

# METADATA
# title: Signed in
lifted contains "people.not_signed_in" if is_signed_in

# METADATA
# title: Holds the role admin
lifted contains "people.role.admin_needed" if has_role("admin")

# METADATA
# title: Holds the role admin or auditor
lifted contains "people.role.auditor_needed" if has_one_of({"admin", "auditor"})

# METADATA
# title: Holds the role researcher
lifted contains "people.role.researcher_needed" if has_role("researcher")

# METADATA
# title: Holds the role output checker
lifted contains "people.role.checker_needed" if has_role("output_checker")
