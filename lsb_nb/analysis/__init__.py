"""What the scores mean: gaps, change, certainty, raters, ledgers; frames in, new frames and sentences out."""
