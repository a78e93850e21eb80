"""Petition files: reading them, reporting on them, comparing them, writing them."""

from bot.petition_file.difference import Difference, difference
from bot.petition_file.problem import Problem, Severity
from bot.petition_file.reading import Format, Reading, read_petition
from bot.petition_file.source import LIMIT, read_file
from bot.petition_file.write import write_petition

__all__ = [
    "LIMIT",
    "Difference",
    "Format",
    "Problem",
    "Reading",
    "Severity",
    "difference",
    "read_file",
    "read_petition",
    "write_petition",
]
