"""Owns the sentence for each reason code: what is the matter and what to do. Must never decide, nor name a rule's inner parts.

A test holds that every code in the Rego rules has a sentence here and that no sentence is left without a code.
"""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # who asks
    "people.not_signed_in": "You are not signed in. Sign in and try again.",
    "people.sign_in.needed": "This cannot be done from inside a workspace. Do it on the portal's pages, signed in.",
    "people.command_line.needed": "This is done at the data broker's own command line, never over the web. The operator's page says how.",
    "people.role.admin_needed": "Only an admin can do this. Ask an admin.",
    "people.role.auditor_needed": "Only an admin or an auditor can do this. Ask an admin.",
    "people.role.checker_needed": "Only an output checker can do this. If you should be one, ask an admin for the role.",
    "people.role.researcher_needed": "Only a researcher can do this. If you should be one, ask an admin for the role.",
    "people.role.own": "Nobody can give a role to themselves. Ask another admin to do it.",
    "people.role.unknown": "There is no such role to give. Choose one from the list.",
    # people
    "people.person.not_yours": "You can see only your own page here. Ask an admin if you need to know about someone else.",
    "people.person.own": "Nobody stops or restores their own access. Ask another admin to do it.",
    "people.person.stopped": "Your access has been stopped. Ask an admin why, and what would restore it.",
    "people.terms.not_signed": "You have not signed the terms of use. Sign them under Your standing.",
    "people.terms.outdated": "The terms of use have changed since you signed. Read and sign the new ones under Your standing.",
    "people.terms.not_yours": "The terms can be signed only in one's own name. Ask the person to sign in and sign them.",
    "people.training.expired": "Your training has expired. Take the course again and record it under Your standing.",
    "people.training.missing": "No training is recorded for you. Take the course and record it under Your standing.",
    "people.training.not_yours": "You can record only your own training. Ask the person to sign in and record it.",
    # projects
    "projects.project.not_visible": "This project is not open to you. Ask its lead to add you, or an admin.",
    "projects.project.not_lead": "Only the person who leads the project can do this. Ask the lead.",
    "projects.project.not_draft": "The application has been sent, so it can no longer be changed. Ask an admin what to do.",
    "projects.project.incomplete": "The application is not complete. Fill in every field that is marked as missing.",
    "projects.project.not_submitted": "The application is not waiting for decisions. Look at its page for its state.",
    "projects.project.not_approved": "The project is not approved. Its page says who still has to decide, or why it ended.",
    "projects.project.not_member": "You are not a member of this project. Ask its lead to add you.",
    "projects.project.ended": "The project's end date has passed. Its lead can ask for an extension.",
    "projects.project.suspended": "The project is suspended: nothing can be opened or taken out. Its history says why; ask an admin what has to happen.",
    "projects.decision.already_made": "You have decided on this project already. Another person has to give the other decision.",
    "projects.decision.not_assessed": "The report on risk and linkage is not there yet, so a custodian cannot say yes. Wait until it shows on the page of the case, or order it again there.",
    "projects.decision.not_in_role": "You cannot decide in that role here. Choose the role that you hold for this project.",
    "projects.decision.own_project": "Nobody decides on a project of their own. Another person in the same role has to decide.",
    # data
    "data.bridge.agreed_already": "You have agreed to this bridge already. Another person has to agree in the other role.",
    "data.bridge.broker_only": "Only the honest broker lays a bridge and takes it away. Ask for one and have it agreed to.",
    "data.bridge.ended": "The bridge's last day has passed. Ask for another if it is still needed.",
    "data.bridge.not_approved": "Both projects must be approved. Their pages say how they stand.",
    "data.bridge.not_in_role": "You cannot agree to this bridge in that role. A custodian of the data and an admin have to.",
    "data.bridge.not_responsible": "Only a custodian or an admin can do this. Ask one of them.",
    "data.bridge.not_two": "A custodian and an admin, two different people, must have agreed to this bridge. Have the other agree.",
    "data.bridge.own_project": "You are a member of one of these projects, so you cannot agree to this bridge. Leave it to somebody else.",
    "data.bridge.own_request": "You asked for this bridge, so you cannot agree to it. Another person has to.",
    "data.bridge.same_project": "A bridge leads from one project to another. Name two.",
    "data.key.not_responsible": "Only a custodian or an admin can do this. Ask one of them.",
    "data.key.broker_only": "Only the honest broker makes keys. Order a rotation at its command line.",
    "data.reidentification.broker_only": "Only the honest broker turns a pseudonym back. Ask at its command line.",
    "data.reidentification.not_of_the_two": "Only the two people who asked and approved can read this answer. Ask one of them.",
    "data.reidentification.not_responsible": "Only a custodian or an admin can do this. Ask one of them.",
    "data.reidentification.not_two": "Two people must have said yes, and the second must not be of the project. Have somebody else approve it.",
    "data.reidentification.over_rate": "As many people as may be were re-identified within a day. Wait until tomorrow, or ask the operator about the limit.",
    "data.reidentification.own_project": "You are a member of this project, so you cannot approve this. Leave it to somebody else.",
    "data.reidentification.own_request": "You asked for this, so you cannot approve it. Another person has to.",
    "data.dataset.not_custodian": "Only the custodian of this dataset can do this. The catalogue names the custodian.",
    "data.assessment.broker_only": "Only the honest broker looks into the data for a report. Order the report on the page of the case.",
    "data.assessment.not_responsible": "Only a custodian of the data asked for can order its report. The page of the case names them.",
    "data.opt_outs.never_exempt": "Nobody can be exempted from this list under the project's legal basis. The page on opt-outs gives the rule and its source.",
    "data.opt_outs.no_reason": "An exemption needs a reason: the public register shows it. Enter one.",
    "data.opt_outs.not_custodian": "Only a custodian of the data that a list is for can load it or exempt a project from it. The catalogue names the custodians.",
    "data.opt_outs.not_visible": "Only custodians, admins and auditors can see this page. Ask one of them.",
    "data.opt_outs.own_project": "Nobody exempts a project of their own. Another custodian has to.",
    "data.snapshot.broker_only": "Only the honest broker makes and removes snapshots. Ask an admin to request it.",
    "data.snapshot.not_responsible": "Only an admin or a custodian of the data in it can order this snapshot. Ask one of them.",
    "data.snapshot.process_only": "A superseded snapshot ends by itself once no workspace has it. Close the project to remove all of it.",
    "data.snapshot.not_ready": "The project's data is not ready yet. The project's page shows how far it is.",
    "data.snapshot.not_visible": "You cannot see this project's data. Ask its lead to add you.",
    "data.snapshot.removed": "The project's data has been removed, so the workspace ends. Ask an admin about a new snapshot.",
    "data.version.not_loader": "The first sign-off is for the person who loaded this version. Its page names that person.",
    "data.version.not_responsible": "Only a custodian or an admin can do this. Ask one of them.",
    "data.version.own_load": "You loaded this version or have signed it already. Another custodian or an admin has to give the second sign-off.",
    "data.version.signed_already": "You have signed this version already. Another custodian or an admin has to give the second sign-off.",
    "data.twin.not_responsible": "Only a custodian or an admin can order made-up data. Ask the custodian whom the catalogue names.",
    "data.twin.not_ready": "There is no made-up data of this dataset yet: it is made when the dataset comes into use. Try another, or later.",
    # sessions
    "sessions.practice.not_practice": "That is a project's workspace, not one to practise in. Open it from the project's page.",
    "sessions.workspace.not_in_own_name": "A workspace can be opened only in one's own name. The person has to open it.",
    "sessions.workspace.not_yours": "This is somebody else's workspace. Ask that person, or an admin.",
    # outputs
    "outputs.file.altered": "A file is no longer what was handed in, so it is blocked. The researcher hands it in anew, or withdraws the request.",
    "outputs.file.not_visible": "You cannot look at this file here. Output checkers from outside the project can, and members who may download once it is released.",
    "outputs.release.no_right": "You have no right to download this project's releases. Ask the project's lead.",
    "outputs.request.not_in_review": "This release request is not open for review. Its page says its state and whose turn it is.",
    "outputs.request.not_released": "This release request is not released yet. Its page says whose turn it is.",
    "outputs.request.not_requester": "Only the person who made this release request can do this. Ask that person.",
    "outputs.request.not_visible": "This release request is not open to you. Ask a member of the project.",
    "outputs.review.already_voted": "You have voted on this release request already. Another output checker has to vote.",
    "outputs.review.own_project": "You are a member of this project, so you cannot check its outputs. Leave it to another output checker.",
    "outputs.review.own_request": "Nobody checks their own output. Leave it to another output checker.",
    # the policy itself
    "policy.action.unknown": "The policy has no rule for this act, so it is refused. Tell the operator.",
    "policy.no_reason": "The policy refuses this and gives no reason. Tell the operator.",
    "policy.question.malformed": "The policy was asked in a form that it does not accept, so it is refused. Tell the operator.",
}


def sentence(reason: str) -> str:
    """Return the sentence for a reason code; for an unknown code one that names it, so that nothing shows as blank."""
    return SENTENCES.get(reason) or f"The policy refuses this ({reason}). Tell the operator."
