"""The facts of a campaign as frozen data: petitions, their texts, signatures, accounts, totals."""
