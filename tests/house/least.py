"""The table of routes: the least role that may pass to each."""

from portal.accounts.rules import Role

PUBLIC = None
REP, CONTRIBUTOR, MARKETER, MANAGER = Role.REP, Role.CONTRIBUTOR, Role.MARKETER, Role.MANAGER

# endpoint → the least role that may pass. A new route needs a line here, and a thought.
LEAST = {
    "accounts.sign_in": PUBLIC,
    "accounts.sign_in_submit": PUBLIC,
    "accounts.demo_sign_in": PUBLIC,  # there is none outside a demo
    "accounts.preferences": PUBLIC,  # language and appearance, kept in cookies
    "health.alive": PUBLIC,  # says "ok"
    "health.ready": PUBLIC,  # one word, unless a token is shown
    "metrics.show": PUBLIC,  # not there, unless a token is shown
    # the second step opens for who has given the password; here, for nobody
    **dict.fromkeys("second.ask second.answer second.set_up second.set_up_submit".split(), PUBLIC),
    **dict.fromkeys(
        "oidc.begin oidc.back passkeys.sign_in passkeys.sign_in_submit".split(), PUBLIC
    ),
    **dict.fromkeys("factors.index factors.app factors.set_up_app factors.remove_app".split(), REP),
    **dict.fromkeys(
        "factors.new_codes oidc.confirm passkeys.confirm passkeys.confirm_submit".split(), REP
    ),
    **dict.fromkeys("passkeys.new passkeys.add passkeys.rename passkeys.remove".split(), REP),
    "accounts.sign_out": REP,
    "accounts.sign_out_everywhere": REP,
    "accounts.end_others": REP,
    "accounts.end_session": REP,  # one's own, which the view looks at
    "accounts.account": REP,
    "accounts.change_password": REP,
    "auditing.index": Role.ADMIN,
    "privacy.index": REP,
    "privacy.mine": REP,  # each their own
    "privacy.erase": Role.ADMIN,
    "privacy.erase_submit": Role.ADMIN,
    "confirming.ask": REP,  # each for themselves
    "confirming.answer": REP,
    **dict.fromkeys(("tickets.forgotten", "tickets.forgotten_submit", "tickets.sent"), PUBLIC),
    **dict.fromkeys(("tickets.invitation", "tickets.reset"), PUBLIC),  # whoever has the link
    **dict.fromkeys(("tickets.invitation_submit", "tickets.reset_submit"), PUBLIC),
    **dict.fromkeys(("people.index", "people.show"), MANAGER),  # they look, admins change
    **dict.fromkeys(("people.invite", "people.invite_submit", "people.change"), Role.ADMIN),
    **dict.fromkeys(("people.deactivate", "people.activate"), Role.ADMIN),
    **dict.fromkeys(("people.end_sessions", "people.send_link"), Role.ADMIN),
    "searchlog.index": MARKETER,  # counts, nobody is named
    "searchlog.look": MARKETER,
    "searchlog.alias": MARKETER,
    "library.show": REP,
    "library.index": REP,
    "library.note": REP,
    "why.show": REP,
    "hints.show": REP,
    "pinning.pin_own": REP,
    **dict.fromkeys(map("promotions.{}".format, "index new add show save end".split()), MARKETER),
    # the desk: who may do what to which asset is told by `publishing.rules.MOVES`
    "publishing.index": CONTRIBUTOR,
    "publishing.show": CONTRIBUTOR,
    "publishing.move": CONTRIBUTOR,
    "publishing.schedule": CONTRIBUTOR,
    "publishing.comment": CONTRIBUTOR,
    "publishing.settle": CONTRIBUTOR,
    "facts.edit": CONTRIBUTOR,
    "facts.change": CONTRIBUTOR,
    "writing.begin": CONTRIBUTOR,
    "writing.begin_submit": CONTRIBUTOR,
    "writing.edit": CONTRIBUTOR,
    "writing.save": CONTRIBUTOR,
    "writing.preview": CONTRIBUTOR,
    "writing.keep_draft": CONTRIBUTOR,
    "writing.drop_draft": CONTRIBUTOR,
    "background.index": MANAGER,  # looks after the portal
    "background.retry": MANAGER,
    "background.drop": MANAGER,
    "attachments.upload": CONTRIBUTOR,
    "attachments.link": CONTRIBUTOR,
    "attachments.remove": CONTRIBUTOR,
    "attachments.read_again": CONTRIBUTOR,
    "attachments.download": REP,  # of assets the person may see
    "attachments.show": REP,
    "attachments.preview": REP,
    "freshness.index": CONTRIBUTOR,
    "freshness.confirm": CONTRIBUTOR,
    "freshness.care": CONTRIBUTOR,
    "freshness.intervals": MANAGER,
    "freshness.set_intervals": MANAGER,
    "notices.index": REP,  # each their own
    "notices.open_notice": REP,
    "notices.read_all": REP,
    "mail.choices": REP,  # each their own
    "mail.choose": REP,
    "mail.mute_kind": REP,
    "mail.mute": PUBLIC,  # for whoever has the mail: its address is signed
    "mail.mute_submit": PUBLIC,
    "reviewers.index": MANAGER,
    "reviewers.name": MANAGER,
    "reviewers.release": MANAGER,
    "handover.index": MANAGER,
    "handover.hand_over": MANAGER,
    "bulk.index": CONTRIBUTOR,
    "bulk.choose": CONTRIBUTOR,
    "bulk.preview": CONTRIBUTOR,
    "bulk.run": CONTRIBUTOR,
    "bulk.show": CONTRIBUTOR,
    "bulk.go_on": CONTRIBUTOR,
    "bulk.undo": CONTRIBUTOR,
    "timeline.show": CONTRIBUTOR,
    "terms.index": CONTRIBUTOR,  # contributors look, marketers keep the words
    "terms.show": CONTRIBUTOR,
    "terms.add": MARKETER,
    "terms.save": MARKETER,
    "terms.merge": MARKETER,
    "terms.retire": MARKETER,
    "terms.undo": MARKETER,
    "competitors.index": REP,
    "competitors.show": REP,
    # everybody makes collections; whose may be changed by whom is told by `collections.rules`
    "collections.index": REP,
    "collections.create": REP,
    "collections.show": REP,
    "collections.edit": REP,
    "collections.save": REP,
    "collections.delete": REP,
    "collections.choose": REP,
    "collections.add": REP,
    "collections.step": REP,
    "collections.order": REP,
    "collections.annotate": REP,
    "collections.take_out": REP,
    **dict.fromkeys(map("pinning.{}".format, "asset pin_asset pin_collection".split()), MARKETER),
    "claims.index": CONTRIBUTOR,
    "claims.dismiss": CONTRIBUTOR,
    "claims.dismiss_group": CONTRIBUTOR,
    "claims.restore": CONTRIBUTOR,
    "quality.index": CONTRIBUTOR,
    "quality.check": CONTRIBUTOR,
    "quality.dismiss": CONTRIBUTOR,
    "quality.reopen": CONTRIBUTOR,
    "revisions.history": CONTRIBUTOR,
    "revisions.show": CONTRIBUTOR,
    "revisions.compare": CONTRIBUTOR,
    "revisions.restore": CONTRIBUTOR,
    "conflicts.settle": CONTRIBUTOR,
    "coverage.index": CONTRIBUTOR,
    "translation.edit": CONTRIBUTOR,
    "translation.save": CONTRIBUTOR,
    "translation.keep_draft": CONTRIBUTOR,
    "translation.drop_draft": CONTRIBUTOR,
    "translation.still_right": CONTRIBUTOR,
    "translation.original": MARKETER,
    "deals.index": REP,  # each their own and their team's
    "deals.add": REP,
    "deals.show": REP,
    "deals.settle": REP,
    "deals.teams": MANAGER,
    "changing.edit": REP,  # the owner’s and managers’, as `deals.rules.may_change`
    "changing.change": REP,
    "customers.show": REP,
    "customers.describe": REP,
    "pipelines.index": MANAGER,
    "pipelines.add": MANAGER,
    "pipelines.edit": MANAGER,
    "pipelines.change": MANAGER,
    "pipelines.reasons": MANAGER,
    "pipelines.change_reasons": MANAGER,
    "working.pick": REP,  # each their own
    "working.choose": REP,
    "calls.index": REP,  # own calls; managers also their teams'
    "calls.show": REP,  # on deals the person sees
    "calls.plan": REP,
    "calls.plan_submit": REP,
    "calls.change": REP,  # one's own, or as a manager
    "calls.change_submit": REP,
    "calls.call_off": REP,
    "calllog.new": REP,
    "calllog.new_submit": REP,
    "calllog.log": REP,
    "calllog.log_submit": REP,
    "agenda.index": REP,
    "agenda.take": REP,
    "agenda.choose": REP,
    "voice.index": REP,  # everybody hears; who answers is told by `voice.rules.may_answer`
    "voice.show": REP,
    "voice.answer": CONTRIBUTOR,
    "voice.asked": CONTRIBUTOR,
    "voice.aside": CONTRIBUTOR,
    "voice.reopen": CONTRIBUTOR,
    "voice.route": CONTRIBUTOR,
    "deal_import.index": MANAGER,  # values of all deals go in there
    "deal_import.send": MANAGER,
    "deal_import.show": MANAGER,
    "deal_import.settle": MANAGER,
    "asking.ask": REP,
    "asking.ask_submit": REP,
    "asking.support": REP,
    "asking.leave": REP,
    "asking.change": REP,  # what may be done to a request: `asset_requests.rules.MOVES`
    "asking.change_submit": REP,
    "asking.merge": CONTRIBUTOR,
    "requests.show": REP,
    "requests.move": REP,
    "requests.assign": CONTRIBUTOR,
    "talk.comment": REP,
    "talk.thank": REP,
    "talk.wins": REP,
    "figures.index": REP,
    "delivering.choose": CONTRIBUTOR,
    "delivering.deliver": CONTRIBUTOR,
    "delivering.begin": CONTRIBUTOR,
    "similar.suggest": REP,  # titles of open requests: whoever waits for the same may join
    "agreement.show": REP,  # both sides see what both have promised, and how they kept it
    "ledger.index": REP,
    "board.index": REP,  # whose requests they see is told by `board.rules.tabs_of`
    "board.board": CONTRIBUTOR,
    "board.move": CONTRIBUTOR,  # what they may do to which is told by the table of moves
    "board.batch": CONTRIBUTOR,
    "board.report": CONTRIBUTOR,  # each their own
    "agreement.propose": MANAGER,  # of Sales or Marketing, told by `agreement.rules`
    "agreement.propose_submit": MANAGER,
    "agreement.settle": MANAGER,
    "ratings.index": REP,  # each their own
    "ratings.save": REP,
    "ratings.asset": REP,
    "ratings.rate": REP,  # everybody but the owner of the asset
    "flags.flag": REP,
    "flags.flag_submit": REP,
    "flags.index": REP,  # those one can answer, and one's own
    "flags.answer": REP,  # owners and marketers, told by `calls.flags.rules`
    "feedback.index": MANAGER,
    "feedback.show": REP,  # the deal's owner; managers read
    "feedback.answer": REP,
    "feedback.skip": REP,
    "search.page": REP,
    "search.palette": REP,
    **dict.fromkeys(map("synonyms.{}".format, "index new add show save remove".split()), MARKETER),
    "insights.usage_page": MARKETER,
    "gaps.index": REP,  # what deals come to only from marketers on
    "covering.index": REP,
    "losses.index": MARKETER,
    "rated.index": MARKETER,
    "rated.written": MARKETER,
    "recommending.experiment": REP,  # counts and shares, of nobody in particular
    "use.overview": MARKETER,
    "use.table": MARKETER,  # by person: managers their team, looked at in the view
    "use.listing": MARKETER,
    "use.asset": REP,  # totals of what is published
    "use.mine": REP,
    "insights_lift.home": REP,
    "insights_lift.index": REP,
    "insights_lift.definitions": REP,
    "insights_lift_asset.show": REP,  # the deals behind: those the person may see
    "insights_slices.index": REP,
    "pack.index": REP,  # for both sides; no sum of fewer than three deals is told
    "pack.archive": REP,
    "pack.show": REP,
    "pack.write": MARKETER,
    "pack.add": MARKETER,
    "pack.settle": REP,  # one's own actions; others' by marketers and above
    "pack.send": MANAGER,
    "pack.wish": REP,  # each their own
    "pack.switch": MANAGER,
    "scorecard.index": REP,
    "scorecard.set_goal": MANAGER,  # of Sales or Marketing, told by `agreement.rules.side_of`
    "scorecard.agree": MANAGER,
    "scorecard.promise": MANAGER,
    "scorecard.settle": MANAGER,
    "web.static_file": PUBLIC,
}
