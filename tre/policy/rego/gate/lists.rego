# METADATA
# title: Lists
# description: >-
#   The rules that a list may be made from: the same ones as for the single check, with the row's facts left open. The
#   answer is a tree of conditions on the row. Only comparisons of a fact with known values may be used in them.
package lists

import data.tre.caller
import data.tre.outputs.request
import data.tre.people.person
import data.tre.projects.project
import data.tre.shape

# No column is masked: a row is shown or it is not. The one thing that OPA evaluates beside a list's conditions tells instead
# which bundle they are from, so that the record of a list names the policy's revision without a second question.
masks := {"policy": {"revision": data.system.bundles.policy.manifest.revision}}

is_admitted if {
	shape.is_question
	caller.is_signed_in
	caller.proof_serves
}

# METADATA
# title: Projects that the person may see
projects_project_view if {
	is_admitted
	project.is_visible
}

# METADATA
# title: Release requests that the person may see
outputs_request_view if {
	is_admitted
	request.is_visible
}

# METADATA
# title: Persons that the person may see
people_person_view if {
	is_admitted
	person.is_visible
}

# METADATA
# title: All persons, for those who may open the list of persons
people_person_list if {
	is_admitted
	person.may_list
}
