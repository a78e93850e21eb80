"""The conversation as a whole: whatever members, forgers and organisers do, in any order, some things always hold.

- No fault ever happens, and everything is answered exactly once; in open groups, where silence may be right, at
  most once.
- An account has at most one signature on a petition that counts or may count again.
- A signature is bound to a text that its signer was shown in the very form that they sent, and has the name that
  stood on the button they pressed.
- What is shown names nobody but the one who sees it; `/signers` alone names those who chose everyone.
- A total that is shown is the number of counted rows.
"""

import re
from collections import Counter, defaultdict

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from bot.commands import COMMANDS
from bot.document import Progress, plain
from bot.inbound import Browse, Command, Press, Submit, Suggest, Typed
from bot.model.account import Account, Actor
from bot.model.petition import Ask, Content, Reach, State, Text, TotalsMode
from bot.model.signature import Status
from bot.pages.receipt import shown_code
from bot.tokens import token
from bot.words import chat
from bot.words.catalog import Words
from tests.bot.fakes import GROUP, PRIVATE, SERVER, Member, Screen, World, later
from tests.logs import capture_logs

PEOPLE = ("Anaximandra", "Benedetta", "Cemaleddin")  # so rare that a page that has one names that person
STALE = Bundle("stale")
WHOLE = "server, whole forms"
NAMES = st.sampled_from(PEOPLE)
PLACES = st.sampled_from(["private", "server", WHOLE, "open group"])
DISCREET = st.sampled_from(["private", "server", WHOLE])
TYPED = st.sampled_from(["{0} García", "{0}", "{0} 🌹", "@{0}", "{0}\u202e", "", "x" * 600, "{0}: because"])
QUESTION = Ask("Where do you live?", ("North", "South"))
EDITS = [
    {"ask": None},
    {"ask": QUESTION},
    {"ask": Ask("Which side?", ("West", "East"))},
    {"reach": (Reach.ORGANISERS,)},
    {"reach": (Reach.EVERYONE, Reach.ADDRESSEE)},
    {"reach": tuple(Reach)},
    {"totals": TotalsMode.HOURLY},
    {"totals": TotalsMode.LIVE},
    {"contact": ""},
]


def texts(edit, slug):
    """The texts of an edit; each letter has a word of its own by which it is known again."""
    return (
        Text("en", f"Save the {slug}", "The Mayor", "It is old.", f"Keep the {slug}. Letter{slug}en{edit}."),
        Text("es", f"Salva: {slug}", "La alcaldía", "Es antiguo.", f"Conserva. Letter{slug}es{edit}."),
    )


def letters(text):
    return set(re.findall(r"Letter[a-z]+\d+", text))


def finished(coroutine):
    """The result of a coroutine that never waits: nothing in the world of the tests does."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("something waited")


class Conversation(RuleBasedStateMachine):
    """Three people, each in a private chat, on a server (asked step by step or in one form) and in a group."""

    def __init__(self):
        super().__init__()
        self.world = World(organisers={Account("test", "boss")})
        self.edits = 0
        self.members = {
            (name, place): self._member(name, place)
            for name in PEOPLE
            for place in ("private", "server", WHOLE, "open group")
        }
        self.letters_shown = defaultdict(set)  # by account and form id
        self.labels = {}  # of each token ever shown
        self.forms = defaultdict(
            list
        )  # sent back by their own account alone: a forger may claim to have read

    def _member(self, name, place):
        where = {"private": PRIVATE, "open group": GROUP}.get(place, SERVER)
        screen = Screen(whole_forms=place == WHOLE, lasting=place == "private")
        moderates = name == PEOPLE[1]
        actor = Actor(Account("test", name.lower()), f"{name} López", moderates=moderates, reachable=True)
        return Member(self.world, name, place=where, screen=screen, actor=actor)

    @initialize()
    def begin(self):
        self.world.petition(Content("park", texts(0, "park"), goal=5, contact="team@example.org"))
        self.world.petition(Content("river", texts(0, "river"), ask=QUESTION, goal=9))

    # --- what members do ---

    @rule(
        name=NAMES,
        place=PLACES,
        command=st.sampled_from([*(spec.name for spec in COMMANDS), "nonsense"]),
        which=st.sampled_from(["", "park", "river", "save", "moon"]),
    )
    def asks(self, name, place, command, which):
        self._does(name, place, Command(command, {"which": which}))

    @rule(
        name=NAMES,
        place=DISCREET,
        command=st.sampled_from(["sign", "sign", "sign", "mysignatures", "withdraw"]),
        which=st.sampled_from(["park", "river"]),
        presses=st.lists(st.integers(0, 5), max_size=3),
    )
    def asks_and_goes_on(self, name, place, command, which, presses):
        self._does(name, place, Command(command, {"which": which}))
        for at in presses:
            self._press(name, place, at)

    @rule(name=NAMES, place=DISCREET, which=st.sampled_from(["park", "river"]))
    def signs_at_once(self, name, place, which):
        """As most do: the letter, and one press or one form."""
        self._does(name, place, Command("sign", {"which": which}))
        if place == WHOLE and self.forms[name]:
            form = self.forms[name][-1]
            self._does(name, place, Submit(form.token, {each.key: each.value for each in form.fields}))
        else:
            self._press(name, place, 0)

    @rule(target=STALE, at=st.integers(0, 99), button=st.integers(0, 9))
    def presses_a_button(self, at, button):
        return self._press_somewhere(at, button)

    @rule(target=STALE, at=st.integers(0, 99))
    def presses_the_first_button(self, at):
        return self._press_somewhere(at, 0)

    @rule(target=STALE, at=st.integers(0, 99), button=st.integers(0, 9))
    def presses_another_button(self, at, button):
        return self._press_somewhere(at, button)

    @rule(name=NAMES, place=PLACES, pressed=STALE)
    def presses_an_old_button_or_somebody_elses(self, name, place, pressed):
        self._does(name, place, Press(pressed))

    @rule(at=st.integers(0, 99), what=TYPED)
    def types_what_was_asked(self, at, what):
        asking = [seat for seat, member in self.members.items() if member.screen.pages and member.page.prompt]
        if asking:
            name, place = asking[at % len(asking)]
            self._does(name, place, Typed(what.format(name)))

    @rule(name=NAMES, place=PLACES, what=TYPED)
    def types(self, name, place, what):
        self._does(name, place, Typed(what.format(name)))

    @rule(
        name=NAMES,
        at=st.integers(0, 3),
        reach=st.sampled_from([*Reach, "", "", "nobody"]),
        answer=st.sampled_from(["", "North", "West"]),
        suffix=st.sampled_from([" García", "", "", " 🌹"]),
    )
    def sends_a_form_of_theirs(self, name, at, reach, answer, suffix):
        forms = self.forms[name]
        if forms:
            form = forms[-1 - at % len(forms)]
            values = {each.key: each.value for each in form.fields}
            given = {"name": name + suffix, "reach": reach or values["reach"], "answer": answer, "via": "7"}
            self._does(name, WHOLE, Submit(form.token, values | given))

    @rule(name=NAMES, place=PLACES, number=st.integers(0, 9), confirmed=st.booleans())
    def withdraws_by_a_code(self, name, place, number, confirmed):
        if self.world.signed:
            code = self.world.signed[number % len(self.world.signed)][1].code
            self._does(name, place, Command("withdraw", {"code": shown_code(code).lower()}))
            if confirmed and code:  # one that is erased has none any more
                self._does(name, place, Press(token("recall", code)))

    @rule(name=NAMES, place=PLACES, action=st.sampled_from(["change", "withdraw", "takeback", "step"]))
    def forges_a_button_about_somebodys_signature(self, name, place, action):
        for _, signature in self.world.signed[-2:]:
            more = ("0", "send") if action == "step" else ()
            self._does(name, place, Press(token(action, signature.form, *more)))

    @rule(name=NAMES, event=st.sampled_from([Suggest("sign", "which", "a"), Browse(""), Browse("moon")]))
    def looks_for_something(self, name, event):
        self._does(name, "private", event)

    @rule(name=NAMES, locale=st.sampled_from(["en", "es-MX", "pt"]))
    def reads_another_language(self, name, locale):
        for (who, _), member in self.members.items():
            if who == name:
                member.locale = locale

    # --- what happens meanwhile ---

    @rule(at=st.integers(0, 1), edit=st.integers(-3, 3))
    def the_letter_is_edited(self, at, edit):
        """A new letter, or an earlier one that comes back."""
        petition = self.world.kept[at]
        self.edits += edit < 0
        number = self.edits if edit < 0 else min(edit, self.edits)
        self.world.edit(petition, texts=texts(number, petition.slug))

    @rule(at=st.integers(0, 1), changes=st.sampled_from(EDITS))
    def something_else_of_it_is_edited(self, at, changes):
        self.world.edit(self.world.kept[at], **changes)

    @rule(at=st.integers(0, 1), state=st.sampled_from([*State, *[State.OPEN] * 8]))
    def it_is_paused_closed_delivered_or_opened(self, at, state):
        """A draft once signed does not come back to be one; all else may."""
        if state is not State.DRAFT or not self.world.signed:
            self.world.edit(self.world.kept[at], stored_state=state)

    @rule(number=st.integers(0, 9), held=st.booleans())
    def a_signature_is_struck_or_waits_for_review(self, number, held):
        alive = [at for at, (_, each) in enumerate(self.world.signed, 1) if each.status is Status.COUNTED]
        if alive:
            at = alive[number % len(alive)]
            self.world.hold(at) if held else self.world.strike(at)

    @rule(hours=st.sampled_from([0.01, 1, 30]), busy=st.sampled_from([False, False, True]))
    def time_passes(self, hours, busy):
        later(self.world, hours=hours)
        self.world.busy = busy
        if hours > 24:
            self.world.drafts.clear()

    def _press_somewhere(self, at, button):
        seats = [seat for seat, member in self.members.items() if member.screen.pages and member.buttons]
        if not seats:
            return multiple()
        name, place = seats[at % len(seats)]
        return self._press(name, place, button)

    def _press(self, name, place, at):
        """Press what is on this screen; the token, if there was a button."""
        member = self.members[name, place]
        buttons = member.buttons if member.screen.pages else []
        if not buttons:
            return multiple()
        pressed = buttons[at % len(buttons)].token
        self._does(name, place, Press(pressed))
        return pressed

    # --- what always holds ---

    @invariant()
    def nobody_has_two_signatures_on_a_petition(self):
        alive = [
            (account, each.petition_id)
            for account, each in self.world.signed
            if each.status is not Status.WITHDRAWN
        ]
        assert not [pair for pair, times in Counter(alive).items() if times > 1]

    @invariant()
    def what_is_withdrawn_names_nobody(self):
        assert all(each.identity is None for _, each in self.world.signed if each.status is Status.WITHDRAWN)

    @invariant()
    def a_name_is_always_ones_own(self):
        for account, signature in self.world.signed:
            if signature.identity:
                assert account.user_id in signature.identity.name.lower()

    def _does(self, name, place, event):
        member = self.members[name, place]
        screen, before = member.screen, len(self.world.signed)
        pages, forms, removed = len(screen.pages), len(screen.forms), len(screen.removed)
        with capture_logs() as log:
            finished(member.does(event))
        assert log == []
        shown = [*screen.pages[pages:], *screen.forms[forms:]]
        self._answered_once(member, event, shown, screen.removed[removed:])
        for each in screen.pages[pages:]:
            self._page_is_right(member, event, each)
        for each in screen.forms[forms:]:
            self._form_is_right(member, name, each)
        for account, signature in self.world.signed[before:]:
            self._signature_is_right(member, event, account, signature)

    def _answered_once(self, member, event, shown, removed):
        if isinstance(event, Suggest | Browse):
            assert not shown
        elif not member.place.discreet:
            assert len(shown) <= 1
        else:
            assert len(shown) + len(removed) == 1

    def _page_is_right(self, member, event, page):
        said = plain(page.blocks) + " ".join(button.label for row in page.buttons for button in row)
        about = event.name if isinstance(event, Command) else getattr(event, "token", "").partition("_")[0]
        assert page.private == member.place.discreet or about == "post"
        for other in PEOPLE:
            if other in said and (other != member.name or not page.private):
                assert about == "signers"
                self._named_with_consent(other, said)
        if any(name in said for name in PEOPLE):
            assert page.names_a_person or page.prompt or "“" in said or "«" in said
        for block in page.blocks:
            if isinstance(block, Progress):
                assert block.done in self._counts(block.goal)
        for row in page.buttons:
            for button in row:
                self._note(member, button, plain(page.blocks))

    def _named_with_consent(self, name, said):
        listed = {line for line in said.splitlines() if name in line}
        agreed = {
            each.identity.name
            for _, each in self.world.signed
            if each.status is Status.COUNTED and each.reach is Reach.EVERYONE
        }
        assert all(any(line.startswith(f"- {who}") for who in agreed) for line in listed)

    def _counts(self, goal):
        """The counted rows of the petitions that have this goal."""
        chosen = {petition.id for petition in self.world.kept if petition.content.goal == goal}
        return {
            sum(each.petition_id == one and each.status is Status.COUNTED for _, each in self.world.signed)
            for one in chosen
        }

    def _note(self, member, button, text):
        self.labels[button.token] = (button.label, member.locale)
        action, _, rest = button.token.partition("_")
        if action in {"step", "reopen"}:
            self.letters_shown[member.account, rest.partition("_")[0]] |= letters(text)

    def _form_is_right(self, member, name, form):
        assert member.screen.whole_forms
        assert member.place.discreet
        assert not any(other in str(form) for other in PEOPLE if other != name)
        self.letters_shown[member.account, form.token.rpartition("_")[2]] |= letters(plain(form.body))
        self.forms[name].append(form)

    def _signature_is_right(self, member, event, account, signature):
        assert account == member.account
        petition = next(each for each in self.world.kept if each.id == signature.petition_id)
        assert petition.state(self.world.now) is State.OPEN
        text = petition.current(signature.text_version)
        assert letters(text.letter) <= self.letters_shown[account, signature.form]
        assert signature.reach in petition.content.reach
        if isinstance(event, Press):
            label, locale = self.labels[event.token]
            assert label == Words(locale)(chat.SIGN_AS, name=signature.identity.name)
        assert signature.context.community != 7


Conversation.TestCase.settings = settings(max_examples=100, stateful_step_count=60)
TestConversation = Conversation.TestCase
