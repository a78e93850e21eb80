"""Pages of any kind and length, to be shown."""

from hypothesis import strategies as st

from bot.document import Code, Heading, Quote, Rule, Span, paragraph


def long(paragraphs, letters=300):
    return tuple(paragraph(f"{number} " + "word " * (letters // 5)) for number in range(paragraphs))


leaf = (
    st.builds(paragraph, st.text(max_size=3000)) | st.just(Rule()) | st.builds(Code, st.text(max_size=6000))
)
page_blocks = st.lists(
    leaf
    | st.builds(Heading, st.text(max_size=50).map(lambda t: (Span(t),)))
    | st.builds(lambda b: Quote((b,)), leaf),
    max_size=30,
).map(tuple)
