# METADATA
# title: Who may speak to the policy server
# description: >-
#   Only the holder of this installation's token may ask, and only for decisions and lists; nobody may read or put a policy.
#   Health is open, because a check of health must not hold a secret.
package system.authz

default allow := false

# METADATA
# title: A question by the holder of the token
allow if {
	input.identity == data.door.token
	input.method == "POST"
	input.path == ["v1", "data", "gate", "decision"]
}

# METADATA
# title: A list's conditions for the holder of the token
allow if {
	input.identity == data.door.token
	input.method == "POST"
	input.path[0] == "v1"
	input.path[1] == "compile"
	input.path[2] == "lists"
	count(input.path) == 4
}

# METADATA
# title: Health, for anybody on this machine
allow if {
	input.method == "GET"
	input.path == ["health"]
}
