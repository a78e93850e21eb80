"""Members read and sign, each journey over real sockets."""

import asyncio


async def test_a_member_signs_by_command_and_gets_a_receipt_that_only_they_see(house, library, ana, channel, server):
    form = await ana.command(channel, "sign")
    assert "keep the library **open** in the evenings" in form.modal.text
    assert form.modal["name"].value == "Ana López"
    receipt = await ana.submit(form)
    assert receipt.ephemeral
    assert "#1" in receipt.text
    assert await house.counted(library) == 1
