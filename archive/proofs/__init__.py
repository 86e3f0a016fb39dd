"""Proofs: what a version of a document rests on, in a folder that a third party can check without this software."""

from archive.proofs.folder import write_proof
from archive.proofs.observed import HeadError, ProofError

__all__ = ["HeadError", "ProofError", "write_proof"]
