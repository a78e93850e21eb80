"""The core: petitions, signatures and the conversation. It imports no chat SDK and no SQL."""
