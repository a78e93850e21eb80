"""Conversations at one terminal, from the lines typed to the lines printed."""

import asyncio
import io
import os
import stat
import threading

from adapters.console import Console
from bot.answer import Choice, File, Page, Prompt
from bot.document import facts, heading, paragraph
from bot.inbound import Command
from bot.model.account import PlaceKind
from tests.adapters.console.fakes import ASKED, FakeCore, button, handed, page, replaced, suggested

CARD = page("The card", "Sign", "Read")


async def talk(core, *lines, **options):
    output = io.StringIO()
    script = io.StringIO("".join(f"{line}\n" for line in lines))
    await Console(core, input=script, output=output, interactive=False, **options).run()
    return output.getvalue()


async def heard(answers, *lines):
    core = FakeCore(answers)
    await talk(core, *lines)
    return core.said


# ------------------------------------------------------------------------------------------ lines and answers


async def test_a_script_becomes_a_transcript():
    core = FakeCore({"/sign": [CARD], "press sign": [page("Signed", private=False)]})
    shown = await talk(core, "# Ana signs", "", "/sign", "1")
    assert shown == (
        "# Ana signs\nAna> /sign\n(only you see this)\nThe card\n[1] Sign   [2] Read\n\n"
        "Ana> 1\n#terminal:\nSigned\n\n"
    )


async def test_each_line_is_one_event_from_the_person_in_this_terminal():
    core = FakeCore()
    await talk(core, "/sign end all", "hello", locale="es", name="Ana María")
    first, second = core.seen
    assert first.event == Command("sign", {"which": "end all"})
    assert (str(first.actor.account), first.actor.name, first.locale) == (
        "console:ana maría",
        "Ana María",
        "es",
    )
    assert (first.place.kind, first.place.platform, first.place.discreet) == (
        PlaceKind.GROUP,
        "console",
        True,
    )
    assert first.event_id != second.event_id


async def test_two_runs_have_no_event_id_in_common():
    one, two = FakeCore(), FakeCore()
    await talk(one, "/sign")
    await talk(two, "/sign")
    assert one.seen[0].event_id != two.seen[0].event_id


async def test_an_input_without_a_last_line_end_and_a_very_long_line_arrive_whole():
    core, long = FakeCore(), "x" * 1_000_000
    output = io.StringIO()
    await Console(core, input=io.StringIO(f"{long}\nlast"), output=output, interactive=False).run()
    assert core.said == [long, "last"]


async def test_nothing_is_asked_after_quit():
    assert await heard({}, "hello", "/quit", "hello") == ["hello"]


async def test_help_is_the_cores_followed_by_what_the_terminal_adds():
    shown = await talk(FakeCore({"/help": [page("From the core")]}), "/help")
    assert shown.index("From the core") < shown.index("In this terminal") < shown.index("/as Ben")


async def test_a_choice_is_suggested_for_a_line_that_ends_in_a_question_mark():
    answers = {"suggest sign which en": [suggested(Choice("end-all", "End all", "open"), Choice("x", "x"))]}
    shown = await talk(FakeCore(answers), "/sign en ?")
    assert "- end-all – End all – open\n- x\n" in shown


async def test_nothing_to_suggest_is_said():
    assert "Nothing fits." in await talk(FakeCore({"suggest sign which": [suggested()]}), "/sign ?")


# --------------------------------------------------------------------------------------------------- buttons


async def test_the_buttons_of_all_pages_of_one_answer_are_numbered_through():
    core = FakeCore({"/sign": [CARD, page("And more", "Why")]})
    shown = await talk(core, "/sign", "3")
    assert "[3] Why" in shown
    assert core.said[-1] == "press why"


async def test_the_newest_buttons_take_the_place_of_older_ones():
    said = await heard(
        {"/sign": [CARD], "/totals": [page("Totals", "More")]}, "/sign", "/totals", "1", "sign"
    )
    assert said[-2:] == ["press more", "sign"]


async def test_an_answer_without_buttons_leaves_those_above_it_alive():
    assert (await heard({"/sign": [CARD], "/totals": [page("12")]}, "/sign", "/totals", "1"))[
        -1
    ] == "press sign"


async def test_a_page_that_was_replaced_has_no_buttons_any_more():
    core = FakeCore({"/sign": [CARD], "press sign": [replaced(page("Signed"))]})
    shown = await talk(core, "/sign", "1", "1")
    assert core.said == ["/sign", "press sign"]
    assert "There is no button 1 now." in shown


async def test_a_page_may_replace_another_and_bring_its_own_buttons():
    answers = {"/sign": [CARD], "press sign": [replaced(page("Which?", "All")), page("Or", "None")]}
    assert (await heard(answers, "/sign", "1", "2"))[-1] == "press none"


async def test_a_wrong_number_changes_nothing():
    core = FakeCore({"/sign": [CARD]})
    shown = await talk(core, "/sign", "7", "1")
    assert "There is no button 7 now." in shown
    assert core.said == ["/sign", "press sign"]


async def test_two_buttons_with_one_label_are_told_apart_by_number():
    other = Page((), ((button("Withdraw", "other"),),))
    core = FakeCore({"/sign": [page("One", "Withdraw"), other]})
    shown = await talk(core, "/sign", "withdraw", "2")
    assert "type its number" in shown
    assert core.said[-1] == "press other"


async def test_what_a_page_asks_for_is_taken_literally_until_it_is_answered():
    answers = {"/sign": [page("Your name?", "Back", prompt=ASKED)], "1": [page("Thanks", "Go")]}
    said = await heard(answers, "/sign", "1", "1")
    assert said == ["/sign", "1", "press go"]


async def test_a_slash_presses_a_button_while_text_is_asked_for():
    shown = page("Your name?", "Back", prompt=Prompt())
    core = FakeCore({"/sign": [shown]})
    assert "[/1] Back" in await talk(core, "/sign", "/1")
    assert core.said == ["/sign", "press back"]


# ---------------------------------------------------------------------------------------------------- people


async def test_people_take_turns_each_with_their_own_screen():
    answers = {"/sign": [page("Ana's form", "Send")], "/totals": [page("Ben's totals", "More")]}
    said = await heard(answers, "/sign", "/as Ben", "/totals", "/as ANA", "1", "/as ben", "1")
    assert said[-2:] == ["press send", "press more"]


async def test_whoever_has_no_screen_of_their_own_sees_no_button():
    core = FakeCore({"/sign": [CARD]})
    assert "There is no button 1 now." in await talk(core, "/sign", "/as Ben", "1")


async def test_a_post_can_be_pressed_by_everyone_and_only_the_post():
    answers = {"/totals": [page("Only for you", "Secret"), page("Hear!", "Sign", private=False)]}
    core = FakeCore(answers)
    shown = await talk(core, "/as moderator", "/totals", "/as Ben", "1", "2")
    assert "There is no button 1 now." in shown
    assert core.said[-1] == "press sign"
    assert core.seen[-1].actor.name == "Ben"


async def test_one_is_told_who_one_is():
    shown = await talk(FakeCore(), "/as", "/as moderator", "/as")
    assert "You are Ana (console:ana).\n\nAna> /as moderator\n" in shown
    assert shown.count("You are moderator (console:moderator), a moderator here.") == 2


async def test_the_moderator_moderates_and_the_organiser_is_an_account_like_any_other():
    core = FakeCore()
    await talk(core, "/as moderator", "a", "/as organiser", "b", "/as Ana", "c")
    assert [inbound.actor.moderates for inbound in core.seen] == [True, False, False]
    assert str(core.seen[1].actor.account) == "console:organiser"


async def test_what_was_sent_last_can_be_sent_again_as_the_same_event():
    core = FakeCore({"/sign": [CARD]})
    shown = await talk(core, "/again", "/sign", "/as Ben", "/again", "/as Ana", "/again")
    assert core.said == ["/sign", "/sign"]
    assert core.seen[0] == core.seen[1]
    assert shown.count("You have not sent anything yet.") == 2


# -------------------------------------------------------------------------------------------------- languages


async def test_the_language_is_changed_for_what_comes():
    core = FakeCore()
    await talk(core, "a", "/language es", "b", "/language pt-BR", "c")
    assert [inbound.locale for inbound in core.seen] == ["en", "es", "pt-BR"]


async def test_the_languages_are_listed_and_an_unknown_one_is_refused():
    core = FakeCore()
    shown = await talk(core, "/language", "/language klingon", "/language ../..", "a")
    assert "en (English)" in shown
    assert "I know no language “klingon”." in shown
    assert core.seen[0].locale == "en"


# ------------------------------------------------------------------------------------------------------ files


async def test_a_file_is_saved_for_its_owner_alone_and_never_over_another(tmp_path):
    made, folder = tmp_path / "made", tmp_path / "here"
    made.write_bytes(b"Ana\n")
    folder.mkdir()
    (folder / "signers.csv").write_bytes(b"old")
    core = FakeCore({"/totals": [handed(File(made, "../signers.csv", page("The list")))]})
    shown = await talk(core, "/totals", folder=folder)
    saved = folder / "signers-2.csv"
    assert (saved.read_bytes(), (folder / "signers.csv").read_bytes()) == (b"Ana\n", b"old")
    assert f"The list\nSaved for you alone as {saved}" in shown
    if os.name == "posix":
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600


async def test_a_folder_that_can_not_be_written_is_named(tmp_path):
    core = FakeCore({"/totals": [handed(File(tmp_path / "gone", "signers.csv", page()))]})
    assert f"could not be saved in {tmp_path / 'no'}." in await talk(core, "/totals", folder=tmp_path / "no")


# ------------------------------------------------------------------------------------------------- the streams


async def test_bytes_that_are_no_text_and_letters_that_can_not_be_shown_stop_nothing():
    source = io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf/sign\r\nna\xffme\n"), "ascii")
    sink = io.TextIOWrapper(io.BytesIO(), "ascii")
    core = FakeCore({"/sign": [page("Señal ✓")]})
    await Console(core, input=source, output=sink, interactive=False).run()
    assert core.said == ["/sign", "na\ufffdme"]
    assert b"Se?al ?" in sink.buffer.getvalue()


async def test_control_characters_that_were_typed_are_not_echoed():
    shown = await talk(FakeCore(), "a\x1b[2Jb", "/as x\x1b[2J", "c")
    assert "\x1b" not in shown


async def test_a_reader_that_leaves_ends_the_conversation_quietly():
    reading, writing = os.pipe()
    os.close(reading)
    core = FakeCore()
    with os.fdopen(writing, "w") as sink:
        await Console(core, input=io.StringIO("a\nb\nc\n"), output=sink, interactive=False).run()
        print("this goes nowhere", file=sink, flush=True)
    assert core.said == ["a"]


class SlowKeyboard(io.StringIO):
    """Gives its line only when it is allowed to."""

    def __init__(self, line):
        super().__init__(line)
        self.allowed = threading.Event()

    def readline(self, *_):
        assert self.allowed.wait(10)
        return super().readline()


async def test_a_person_who_thinks_holds_nobody_up():
    keyboard, core = SlowKeyboard("hello\n"), FakeCore()
    console = Console(core, input=keyboard, output=io.StringIO(), interactive=False)

    async def meanwhile():
        keyboard.allowed.set()

    await asyncio.wait_for(asyncio.gather(console.run(), meanwhile()), 10)
    assert core.said == ["hello"]


# ------------------------------------------------------------------------------------------- for a person


async def seen_by_a_person(core, *lines):
    output = io.StringIO()
    keyboard = io.StringIO("".join(f"{line}\n" for line in lines))
    await Console(core, input=keyboard, output=output, interactive=True).run()
    return output.getvalue()


async def test_a_person_is_greeted_prompted_and_seen_off():
    core = FakeCore({"/sign": [CARD]})
    shown = await seen_by_a_person(core, "/sign", "/as Ben")
    assert shown.lstrip().startswith("This terminal is a chat")
    assert (shown.count("Ana> "), shown.count("Ben> ")) == (2, 1)
    assert "[1] Sign" in shown
    assert shown.rstrip().endswith("Goodbye.")
    assert core.said == ["/sign"]


def letter(*words, name="Ana"):
    blocks = (heading("Sign"), *map(paragraph, words), facts([("Name", name)]), paragraph("A remark"))
    return Page(blocks, ((button("Change"), button("Other")),))


LETTER = letter("We ask", "We urge", "We sign")


async def test_a_letter_is_not_printed_again_at_every_step_of_its_form():
    asked = replaced(page("Your name?", prompt=ASKED))
    again = replaced(letter("We ask", "We urge", "We sign", name="Ben"))
    core = FakeCore({"/sign": [LETTER], "press change": [asked], "Ben": [again], "press other": [again]})
    shown = await seen_by_a_person(core, "/sign", "1", "Ben", "2")
    assert shown.count("We urge") == 1
    assert shown.count("(The same text as above.)") == 2
    assert shown.count("A remark") == 3
    assert "Name  Ben" in shown


async def test_a_letter_that_was_edited_meanwhile_is_printed_in_full():
    edited = replaced(letter("We ask", "We insist", "We sign"))
    shown = await seen_by_a_person(FakeCore({"/sign": [LETTER], "press change": [edited]}), "/sign", "1")
    assert (shown.count("We ask"), shown.count("We insist"), shown.count("as above")) == (2, 1, 0)


async def test_a_command_prints_the_letter_in_full_as_does_a_script():
    core = FakeCore({"/sign": [LETTER], "press change": [replaced(LETTER)]})
    assert (await seen_by_a_person(core, "/sign", "/sign")).count("We urge") == 2
    assert (await seen_by_a_person(core, "/sign", "/as Ben", "/sign")).count("We urge") == 2
    assert (await talk(core, "/sign", "1")).count("We urge") == 2


async def test_a_message_that_is_removed_has_no_buttons_any_more():
    async def removed(answer):
        await answer.remove()

    core = FakeCore({"/sign": [CARD], "press sign": [removed]})
    assert "There is no button 1 now." in await talk(core, "/sign", "1", "1")
