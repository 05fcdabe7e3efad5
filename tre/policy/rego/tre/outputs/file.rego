# METADATA
# title: Output file
# description: Who may look at a file of a release request.
package tre.outputs.file

import data.tre.caller
import data.tre.outputs.review

facts := {"view": "request"}

objections := {"view": {"outputs.file.not_visible"}}

# METADATA
# title: A member, once it is released
# description: Before that a look from outside the workspace would be a way out past the checkers.
lifted contains "outputs.file.not_visible" if {
	input.actor.person_id in input.facts.release_right
	input.facts.state == "released"
}

# METADATA
# title: An output checker who is not of the project
lifted contains "outputs.file.not_visible" if {
	caller.has_role("output_checker")
	review.is_outsider
}
