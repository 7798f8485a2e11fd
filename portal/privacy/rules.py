"""What is kept of people: every column that tells of somebody, and what becomes of it.

A house test walks the tables: a column that names a person by number, or holds words, is in one of
these lists. Whoever adds one thinks about it here.
"""

from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a column when a person is erased."""

    DELETED = "deleted"  # the row goes
    HANDED_OVER = "handed over"  # to the successor, what is open of it
    NUMBERED = "numbered"  # it goes on counting under a number that nobody can put a name to
    OVERWRITTEN = "overwritten"  # the name or the word that stood there is taken out
    EMPTIED = "emptied"  # with the words, when these are to go as well
    KEPT = "kept"  # words written for the company: they stay, under the number


def _columns(words: str) -> frozenset[str]:
    return frozenset(words.split())


PEOPLE: dict[Fate, frozenset[str]] = {
    Fate.DELETED: _columns("""
authenticator_apps.user_id passkeys.user_id recovery_codes.user_id tickets.user_id
user_identities.user_id
sessions.user_id notices.user_id mails.user_id notice_choices.user_id autosaves.user_id
own_pins.user_id working_deals.user_id pack_readers.user_id
"""),
    Fate.HANDED_OVER: _columns("""
assets.owner_id assets.backup_owner_id deals.owner_id reviewers.user_id
pack_actions.owner_id
"""),
    Fate.NUMBERED: _columns("""
agreements.proposer_id agreements.signer_id asset_events.user_id asset_flags.user_id
asset_flags.answered_by_id asset_pins.user_id asset_requests.requester_id
asset_requests.assignee_id assets.creator_id attachments.added_by_id audit_entries.actor
bulk_actions.user_id bulk_actions.undone_by_id call_points.answered_by_id calls.user_id
claim_rulings.by_id claim_rulings.ended_by_id collection_pins.user_id
collections.owner_id deal_feedback.user_id deal_imports.by_id deal_stage_changes.user_id
notices.actor_id pack_actions.made_by_id pack_schedules.set_by_id packs.minutes_by_id
lift_deals.owner_id lift_reps.owner_id
packs.sent_by_id quality_findings.dismissed_by_id ratings.user_id
request_clocks.owner_id request_events.user_id request_supporters.user_id
review_comments.author_id review_comments.settled_by_id review_intervals.set_by_id
search_promotion_edits.user_id shared_goals.set_by_id shared_goals.agreed_by_id
side_promises.owner_id side_promises.made_by_id synonym_events.user_id
term_events.user_id text_revisions.author_id usage_events.user_id use_people.user_id
"""),
}
"""Columns that hold the number of a person: all rows of hers are exported."""

WORDS: dict[Fate, frozenset[str]] = {
    Fate.DELETED: _columns("""
authenticator_apps.secret passkeys.name passkeys.handle passkeys.credential_id passkeys.public_key
recovery_codes.code_hash
user_identities.issuer user_identities.subject
tickets.purpose tickets.nonce tickets.token_hash
sessions.token_hash sessions.address sessions.device sign_in_attempts.account_key
sign_in_attempts.address_key audit_details.personal autosaves.content mails.said
"""),
    Fate.OVERWRITTEN: _columns("""
users.email users.email_key users.name users.language users.password_hash
asset_events.note notices.detail deals.said deal_import_words.word_key
deal_import_words.word deal_import_words.target deal_import_words.detail
deal_import_rows.told
"""),
    Fate.EMPTIED: _columns("calls.note ratings.why deal_feedback.missing"),
    Fate.NUMBERED: _columns("users.role users.department"),
    Fate.KEPT: _columns("""
agreements.note asset_flags.words asset_flags.answer asset_requests.title
asset_requests.situation call_points.words calls.with_role calls.event_uid
claim_rulings.why collection_entries.note collections.name collections.description
deal_import_files.content deals.loss_words jobs.result jobs.error pack_actions.words
packs.facts packs.minutes quality_findings.why request_events.note review_comments.body
search_phrases.text search_promotion_edits.query search_promotion_edits.reason
search_promotions.query search_promotions.reason search_wordings.text
side_promises.words text_revisions.note usage_events.query use_words.word
"""),
}
"""Columns of words that somebody wrote, or that may name somebody."""

SECRETS = ("password", "token", "hash", "secret", "salt", "nonce")
"""Parts of the names of columns that no export holds, whoever asks."""


def is_secret(column: str) -> bool:
    """Whether a column holds what opens something: its name tells."""
    return any(part in column for part in SECRETS)


def people() -> frozenset[str]:
    """Return all columns that hold the number of a person."""
    return frozenset().union(*PEOPLE.values())


def words() -> frozenset[str]:
    """Return all columns of words that may tell of a person."""
    return frozenset().union(*WORDS.values())
