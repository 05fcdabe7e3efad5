package tre.people.standing_test

import data.given_test as given
import data.tre.people.standing

lifted(changes) := codes if {
	facts := {"standing": object.union(given.standing, changes)}
	codes := standing.lifted with input as {"facts": facts, "today": given.today}
}

own := standing.needed - {"people.role.researcher_needed"}

test_a_standing_in_order_lifts_all_its_objections if {
	lifted({}) == own
}

test_training_serves_on_its_last_day_and_not_the_day_after if {
	lifted({"training_expires_on": "2026-11-23"}) == own
	own - lifted({"training_expires_on": "2026-11-22"}) == {"people.training.expired"}
}

test_no_training if {
	own - lifted({"training_expires_on": ""}) == {"people.training.missing", "people.training.expired"}
}

test_terms if {
	own - lifted({"terms_signed": ""}) == {"people.terms.not_signed", "people.terms.outdated"}
	own - lifted({"terms_signed": "1"}) == {"people.terms.outdated"}
	"people.terms.outdated" in (own - lifted({"terms_signed": "", "terms_current": ""}))
}

test_stopped if {
	own - lifted({"is_active": false}) == {"people.person.stopped"}
}
