"""Tables, the signature intake, the repositories, the vault and the migrations."""
