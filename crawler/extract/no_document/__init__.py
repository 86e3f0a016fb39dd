"""Pages and answers that hold no document, and why: walls, errors with status 200, shells, pages that lead on."""
