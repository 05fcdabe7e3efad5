package system.authz_test

import data.system.authz

asking(method, path, token) := {"identity": token, "method": method, "path": path}

allowed(method, path, token) if {
	authz.allow with input as asking(method, path, token) with data.door.token as "secret"
}

test_the_holder_of_the_token_may_ask if {
	allowed("POST", ["v1", "data", "gate", "decision"], "secret")
	allowed("POST", ["v1", "compile", "lists", "projects_project_view"], "secret")
}

test_nobody_else_may_ask if {
	every token in ["", "wrong", null] {
		not allowed("POST", ["v1", "data", "gate", "decision"], token)
		not allowed("POST", ["v1", "compile", "lists", "projects_project_view"], token)
	}
}

test_without_a_token_in_the_bundle_nobody_may_ask if {
	not authz.allow with input as asking("POST", ["v1", "data", "gate", "decision"], "") with data.door as {}
}

test_the_token_serves_for_nothing_else if {
	not allowed("PUT", ["v1", "policies", "gate"], "secret")
	not allowed("GET", ["v1", "policies"], "secret")
	not allowed("PUT", ["v1", "data", "door", "token"], "secret")
	not allowed("GET", ["v1", "data", "door", "token"], "secret")
	not allowed("POST", ["v1", "data", "door", "token"], "secret")
	not allowed("POST", ["v1", "query"], "secret")
	not allowed("POST", ["v1", "compile"], "secret")
}

test_health_is_open if {
	allowed("GET", ["health"], null)
}
