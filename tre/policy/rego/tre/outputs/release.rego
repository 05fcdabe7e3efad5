# METADATA
# title: Release
# description: Who may download released files.
package tre.outputs.release

facts := {"download": "request"}

objections := {"download": {
	"outputs.file.altered",
	"outputs.release.no_right",
	"outputs.request.not_released",
	"projects.project.suspended",
}}

# METADATA
# title: A member with the right to download
lifted contains "outputs.release.no_right" if input.actor.person_id in input.facts.release_right

# METADATA
# title: Released
lifted contains "outputs.request.not_released" if input.facts.state == "released"

# METADATA
# title: Every file still has its hash
lifted contains "outputs.file.altered" if input.facts.is_intact == true

# METADATA
# title: The project is not suspended
# description: What was released stays available after the project's end.
lifted contains "projects.project.suspended" if input.facts.project_state in {"approved", "closed"}
